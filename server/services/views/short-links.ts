/** Short links for addresses that are too long to be passed on. */
import { createHash } from "node:crypto";
import { addressOf, keepLink } from "@/db/queries/saved-views";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";
import { write } from "../grouped-writes";

const ID_LENGTH = 12;

/** The id of an address's short link; the same address has the same one. */
export async function shortenLink(context: Context, address: string): Promise<{ id: string }> {
  const id = createHash("sha256").update(address).digest("base64url").replace(/[-_]/g, "").slice(0, ID_LENGTH);
  await write(context.db, (tx) => keepLink(tx, { id, address, createdAt: context.now() }));
  return { id };
}

/** The address of a short link. Throws `not-found`. */
export function expandLink(context: Context, id: string): { address: string } {
  const address = addressOf(context.db, id);
  if (address === undefined) throw new ProblemError("not-found", "This short link leads nowhere. Ask for a new one.");
  return { address };
}
