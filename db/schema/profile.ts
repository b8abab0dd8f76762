/** Profiles: where and how steps run. */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { flag, json, moment } from "./columns";

export const profile = sqliteTable("profile", {
  key: integer("key").primaryKey({ autoIncrement: true }),
  name: text("name").notNull().unique(),
  executor: text("executor").$type<"process">().notNull(),
  isDefault: flag("is_default").notNull().default(false),
  /** Time between TERM and KILL. */
  graceMs: integer("grace_ms").notNull(),
  /** Interpreter of Python steps; null takes the server's. */
  python: text("python"),
  environment: json<{ readonly [name: string]: string }>("environment").notNull(),
  createdAt: moment("created_at").notNull(),
});
