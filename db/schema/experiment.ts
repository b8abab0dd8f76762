/** Experiments: groups of runs of any pipelines. */
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { flag, moment } from "./columns";

export const experiment = sqliteTable(
  "experiment",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    isDefault: flag("is_default").notNull().default(false),
    createdAt: moment("created_at").notNull(),
    lastRunAt: moment("last_run_at"),
    archivedAt: moment("archived_at"),
    deletedAt: moment("deleted_at"),
    /** The run that the others are measured against; it may have been deleted since. */
    baselineRunKey: integer("baseline_run_key"),
  },
  (t) => [
    uniqueIndex("experiment_name").on(t.name).where(sql`deleted_at is null`),
    uniqueIndex("experiment_default").on(t.isDefault).where(sql`is_default = 1 and deleted_at is null`),
    index("experiment_order").on(sql`name collate nocase`),
    index("experiment_created").on(t.createdAt, t.key),
    index("experiment_last_run").on(t.lastRunAt, t.key),
  ],
);
