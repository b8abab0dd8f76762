/** Volumes: named directories of this machine that a step may be given. */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { moment } from "./columns";

export const volume = sqliteTable("volume", {
  key: integer("key").primaryKey({ autoIncrement: true }),
  name: text("name").notNull().unique(),
  /** Absolute path; null for a directory that Penstock keeps. */
  path: text("path"),
  description: text("description").notNull().default(""),
  createdAt: moment("created_at").notNull(),
  updatedAt: moment("updated_at").notNull(),
});
