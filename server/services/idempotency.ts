/** Makes one thing for one key: a request that is sent again, because its answer was lost, makes nothing more. */
import { createHash } from "node:crypto";
import type { Db } from "@/db/client";
import { type MadeNoun, madeQueries } from "@/db/queries/idempotency";
import { ProblemError } from "@/server/domain/problem-error";

export type { MadeNoun } from "@/db/queries/idempotency";

/** The key of a request, and what was asked for under it. */
export interface RequestKey {
  readonly key: string;
  /** SHA-256 of the request. */
  readonly digest: string;
}

const MAX_KEY = 255;

/** The key of a request as it came; undefined without one. Throws `invalid`. */
export function requestKey(key: string | null | undefined, asked: unknown): RequestKey | undefined {
  if (key === null || key === undefined || key === "") return undefined;
  if (key.length > MAX_KEY) throw new ProblemError("invalid", `Keep an idempotency key to ${MAX_KEY} characters.`);
  return { key, digest: createHash("sha256").update(JSON.stringify(asked)).digest("hex") };
}

/** The id of what this request made before; undefined when it is new. Throws `conflict` for another request's key. */
export function madeBefore(db: Db, noun: MadeNoun, asked: RequestKey | undefined): string | undefined {
  const row = asked && madeQueries(db).find(noun, asked.key);
  if (row === undefined || row.digest === asked?.digest) return row?.subject;
  const again = "Send the same request again, or give this one a key of its own.";
  throw new ProblemError("conflict", `The idempotency key belongs to another request for a ${noun}. ${again}`);
}

/** Notes inside the transaction that makes it what a request has made. */
export function noteMade(tx: Db, noun: MadeNoun, asked: RequestKey | undefined, subject: string, at: Date): void {
  if (asked !== undefined) madeQueries(tx).insert(noun, asked.key, { digest: asked.digest, subject }, at);
}
