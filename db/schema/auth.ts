/** What opens the server beside its own token: one-time sign-in codes and API tokens, both kept as hashes. */
import { sql } from "drizzle-orm";
import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { TokenAccess } from "@/server/domain/api-tokens";
import { moment } from "./columns";

export const signInCode = sqliteTable("sign_in_code", {
  /** SHA-256 of the code, hex. */
  hash: text("hash").primaryKey(),
  createdAt: moment("created_at").notNull(),
  usedAt: moment("used_at"),
});

export const apiToken = sqliteTable(
  "api_token",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    name: text("name").notNull(),
    /** How its text begins: enough to tell tokens apart, too little to use one. */
    prefix: text("prefix").notNull(),
    /** SHA-256 of the whole text, hex. */
    hash: text("hash").notNull().unique(),
    access: text("access").$type<TokenAccess>().notNull(),
    createdAt: moment("created_at").notNull(),
    /** Null: never. */
    expiresAt: moment("expires_at"),
    /** Written at most once a minute. */
    lastUsedAt: moment("last_used_at"),
    revokedAt: moment("revoked_at"),
  },
  (t) => [uniqueIndex("api_token_name").on(t.name).where(sql`revoked_at is null`)],
);
