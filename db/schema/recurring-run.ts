/** Recurring runs and their slots: each due moment becomes one run or one recorded skip. */
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { JsonValue } from "@/pipelines/graph";
import { flag, json, moment } from "./columns";
import { experiment } from "./experiment";
import { pipeline } from "./pipeline";
import { version } from "./version";

export const recurringRun = sqliteTable(
  "recurring_run",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    pipelineKey: integer("pipeline_key").references(() => pipeline.key),
    /** Null follows the latest version. */
    versionKey: integer("version_key").references(() => version.key),
    experimentKey: integer("experiment_key")
      .notNull()
      .references(() => experiment.key),
    isEnabled: flag("is_enabled").notNull(),
    cron: text("cron"),
    intervalMs: integer("interval_ms"),
    timeZone: text("time_zone").notNull(),
    startAt: moment("start_at"),
    endAt: moment("end_at"),
    nextAt: moment("next_at"),
    maxConcurrency: integer("max_concurrency").notNull(),
    overlap: text("overlap").$type<"wait" | "skip" | "cancel">().notNull(),
    catchUp: text("catch_up").$type<"none" | "latest" | "all">().notNull(),
    parameters: json<{ readonly [name: string]: JsonValue }>("parameters").notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
    deletedAt: moment("deleted_at"),
  },
  (t) => [index("recurring_run_due").on(t.isEnabled, t.nextAt)],
);

export const slot = sqliteTable(
  "slot",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    recurringRunKey: integer("recurring_run_key")
      .notNull()
      .references(() => recurringRun.key, { onDelete: "cascade" }),
    at: moment("at").notNull(),
    /** Set when the slot became a run; the run names the slot's recurring run too. */
    runKey: integer("run_key"),
    skipReason: text("skip_reason").$type<"overlap" | "disabled" | "catch-up" | "ended" | "version">(),
    createdAt: moment("created_at").notNull(),
  },
  (t) => [uniqueIndex("slot_moment").on(t.recurringRunKey, t.at)],
);
