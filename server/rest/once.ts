/** A creation that a client may send again under its `Idempotency-Key`. */
import { type MadeNoun, madeBefore, type RequestKey, requestKey } from "@/server/services/idempotency";
import type { Call } from "./call";

/** The id of what is made: by `make`, unless the same request has made it before. Throws `conflict`. */
export async function once(
  { context, request }: Call,
  noun: MadeNoun,
  asked: unknown,
  make: (key: RequestKey | undefined) => Promise<string>,
): Promise<string> {
  const key = requestKey(request.headers.get("idempotency-key"), asked);
  return madeBefore(context.db, noun, key) ?? make(key);
}
