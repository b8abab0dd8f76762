/** Knows API tokens at the door: one indexed row for each request, and a note of the last use at most once a minute. */
import { timingSafeEqual } from "node:crypto";
import { type Db, transact } from "@/db/client";
import { type TokenAtDoor, tokenDoor, touchToken } from "@/db/queries/api-tokens";
import { isTokenText, tokenHash } from "@/server/platform/token-text";
import type { Identity } from "./identity";

const NOTED_EVERY_MS = 60_000;

/** Who holds a token, null for one that is unknown, revoked or expired. */
export type TokenFinder = (text: string, now: Date) => Identity | null;

/** Notes under way, so that requests that arrive together make one. */
const underWay = new Set<string>();

function noteUse(db: Db, { key, hash, lastUsedAtMs }: TokenAtDoor, now: Date): void {
  // A clock that was set back counts as a minute gone by.
  const isRecent = lastUsedAtMs !== null && Math.abs(now.getTime() - lastUsedAtMs) < NOTED_EVERY_MS;
  if (isRecent || underWay.has(hash)) return;
  underWay.add(hash);
  // Nobody waits for the note, and a full disk must not shut the door.
  transact(db, (tx) => touchToken(tx, key, now))
    .catch(() => undefined)
    .finally(() => underWay.delete(hash));
}

/** Finds tokens in the database, opened when a text that may be one is shown. */
export const tokenFinder =
  (open: () => Db): TokenFinder =>
  (text, now) => {
    if (!isTokenText(text)) return null;
    const db = open();
    const hash = tokenHash(text);
    const row = tokenDoor(db).find.get(hash);
    if (row === undefined || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return null;
    if (row.expiresAtMs !== null && row.expiresAtMs <= now.getTime()) return null;
    noteUse(db, row, now);
    return { name: row.name, via: "bearer", access: row.access, tokenKey: row.key };
  };
