/** Recurring runs, their slots (each due moment becomes one run or one recorded skip), and what was changed of them. */
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { JsonValue } from "@/pipelines/graph";
import type {
  CatchUp,
  ChangeKind,
  FieldChange,
  Overlap,
  SkipReason,
  TriggerKind,
} from "@/server/domain/recurrence/words";
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
    /** Null for an inline specification. */
    pipelineKey: integer("pipeline_key").references(() => pipeline.key),
    /** Null follows the latest version. */
    versionKey: integer("version_key").references(() => version.key),
    experimentKey: integer("experiment_key")
      .notNull()
      .references(() => experiment.key),
    isEnabled: flag("is_enabled").notNull(),
    /** Why it was disabled by itself; null when a person did it, and while it is enabled. */
    disabledReason: text("disabled_reason"),
    /** The moment of the archiving of its experiment that disabled it, so that restoring enables exactly that. */
    archiveDisabledAt: moment("archive_disabled_at"),
    triggerKind: text("trigger_kind").$type<TriggerKind>().notNull(),
    /** Six fields, or `@every` with a duration. */
    cron: text("cron"),
    intervalMs: integer("interval_ms"),
    timeZone: text("time_zone").notNull(),
    startAt: moment("start_at"),
    endAt: moment("end_at"),
    /** Where moments are counted from: the start, else the making or the last change of the schedule. */
    anchorAt: moment("anchor_at").notNull(),
    /** The next moment that is neither a run nor a recorded skip; null when there is none any more. */
    nextAt: moment("next_at"),
    maxConcurrency: integer("max_concurrency").notNull(),
    overlap: text("overlap").$type<Overlap>().notNull(),
    catchUp: text("catch_up").$type<CatchUp>().notNull(),
    /** What was given, macros as they stand. */
    parameters: json<{ readonly [name: string]: JsonValue }>("parameters").notNull(),
    /** Null: the default profile of the moment. */
    profile: text("profile"),
    /** Of its runs. */
    priority: integer("priority").notNull().default(0),
    /** Null: as the pipeline says. */
    cache: text("cache").$type<"use" | "ignore">(),
    serviceAccount: text("service_account").notNull().default(""),
    pipelineRoot: text("pipeline_root").notNull().default(""),
    pluginsInput: json<{ readonly [plugin: string]: JsonValue }>("plugins_input").notNull().default({}),
    /** Each of its runs is made with them. */
    tags: json<{ readonly [name: string]: string }>("tags").notNull().default({}),
    /** What the names of its runs begin with. */
    runNameBase: text("run_name_base").notNull(),
    /** How many slots became runs. */
    runCount: integer("run_count").notNull().default(0),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
    deletedAt: moment("deleted_at"),
  },
  (t) => [
    index("recurring_run_due").on(t.nextAt).where(sql`is_enabled = 1 and deleted_at is null and next_at is not null`),
    index("recurring_run_created").on(t.createdAt, t.key).where(sql`deleted_at is null`),
    index("recurring_run_experiment").on(t.experimentKey, t.createdAt, t.key).where(sql`deleted_at is null`),
  ],
);

/** One moment that became a run, or moments that were skipped together: from `at` to `lastAt`, `count` of them. */
export const slot = sqliteTable(
  "slot",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    recurringRunKey: integer("recurring_run_key")
      .notNull()
      .references(() => recurringRun.key, { onDelete: "cascade" }),
    at: moment("at").notNull(),
    lastAt: moment("last_at").notNull(),
    count: integer("count").notNull().default(1),
    /** Set when the slot became a run; the run names the slot's recurring run too. */
    runKey: integer("run_key"),
    skipReason: text("skip_reason").$type<SkipReason>(),
    createdAt: moment("created_at").notNull(),
  },
  (t) => [uniqueIndex("slot_moment").on(t.recurringRunKey, t.at)],
);

/** What somebody, or the engine, did to a recurring run. */
export const recurringChange = sqliteTable(
  "recurring_change",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    recurringRunKey: integer("recurring_run_key")
      .notNull()
      .references(() => recurringRun.key, { onDelete: "cascade" }),
    at: moment("at").notNull(),
    kind: text("kind").$type<ChangeKind>().notNull(),
    /** Who did it; null where nobody is named. */
    changedBy: text("changed_by"),
    /** Why, where it happened by itself. */
    reason: text("reason"),
    /** What an edit changed. */
    fields: json<readonly FieldChange[]>("fields").notNull().default([]),
  },
  (t) => [index("recurring_change_of").on(t.recurringRunKey, t.at, t.key)],
);
