/** API tokens: by the hash that opens the door, and as a list. */
import { and, desc, eq, isNull } from "drizzle-orm";
import type { Executor } from "../client";
import { apiToken } from "../schema";
import { preparedFor } from "./statements";

export type TokenRow = typeof apiToken.$inferSelect;
/** A token as the door needs it; moments are milliseconds. */
export interface TokenAtDoor {
  readonly key: number;
  readonly name: string;
  readonly hash: string;
  readonly access: TokenRow["access"];
  readonly expiresAtMs: number | null;
  readonly lastUsedAtMs: number | null;
}

/** Statements of the door, asked with every request that shows a token. */
export const tokenDoor = preparedFor(({ $client }) => ({
  find: $client.prepare<[hash: string], TokenAtDoor>(
    `select key, name, hash, access, expires_at as expiresAtMs, last_used_at as lastUsedAtMs
     from api_token where hash = ? and revoked_at is null`,
  ),
}));

/** Notes that a token was used. */
export function touchToken(db: Executor, key: number, at: Date): void {
  db.update(apiToken).set({ lastUsedAt: at }).where(eq(apiToken.key, key)).run();
}

/** All tokens that are not revoked, the newest first. */
export function listTokenRows(db: Executor): TokenRow[] {
  return db
    .select()
    .from(apiToken)
    .where(isNull(apiToken.revokedAt))
    .orderBy(desc(apiToken.createdAt), desc(apiToken.key))
    .all();
}

/** A token that is not revoked. */
export function findToken(db: Executor, by: { readonly id: string } | { readonly name: string }): TokenRow | undefined {
  const is = "id" in by ? eq(apiToken.id, by.id) : eq(apiToken.name, by.name);
  return db
    .select()
    .from(apiToken)
    .where(and(is, isNull(apiToken.revokedAt)))
    .get();
}

/** Keeps a new token. */
export function insertToken(db: Executor, row: Omit<TokenRow, "key" | "lastUsedAt" | "revokedAt">): TokenRow {
  return db.insert(apiToken).values(row).returning().get();
}

/** Renames a token, or revokes it for good. */
export function updateToken(db: Executor, key: number, change: Partial<Pick<TokenRow, "name" | "revokedAt">>): void {
  db.update(apiToken).set(change).where(eq(apiToken.key, key)).run();
}
