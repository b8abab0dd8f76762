/** One-time sign-in codes, kept as hashes. */
import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { moment } from "./columns";

export const signInCode = sqliteTable("sign_in_code", {
  /** SHA-256 of the code, hex. */
  hash: text("hash").primaryKey(),
  createdAt: moment("created_at").notNull(),
  usedAt: moment("used_at"),
});
