/** Runs: one execution of a version each; the row stays narrow because lists read it. */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { JsonValue } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import type { RunState } from "@/server/domain/states";
import type { RunOrigin, TaskCounts } from "@/server/domain/views";
import { flag, json, moment } from "./columns";
import { experiment } from "./experiment";
import { pipeline } from "./pipeline";
import { recurringRun } from "./recurring-run";
import { version } from "./version";

export const run = sqliteTable(
  "run",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    state: text("state").$type<RunState>().notNull(),
    reason: json<Reason>("reason"),
    versionKey: integer("version_key")
      .notNull()
      .references(() => version.key),
    pipelineKey: integer("pipeline_key").references(() => pipeline.key),
    pipelineName: text("pipeline_name").notNull(),
    experimentKey: integer("experiment_key")
      .notNull()
      .references(() => experiment.key),
    recurringRunKey: integer("recurring_run_key").references(() => recurringRun.key),
    profile: text("profile").notNull(),
    origin: text("origin").$type<RunOrigin>().notNull(),
    clonedFromKey: integer("cloned_from_key"),
    priority: integer("priority").notNull().default(0),
    cache: text("cache").$type<"use" | "ignore">().notNull().default("use"),
    serviceAccount: text("service_account").notNull().default(""),
    pipelineRoot: text("pipeline_root").notNull().default(""),
    taskCounts: json<TaskCounts>("task_counts").notNull().default({}),
    createdAt: moment("created_at").notNull(),
    scheduledAt: moment("scheduled_at").notNull(),
    startedAt: moment("started_at"),
    finishedAt: moment("finished_at"),
    /** The intent to end the run; only the engine moves the state. */
    cancelRequestedAt: moment("cancel_requested_at"),
    cancelRequestedBy: text("cancel_requested_by"),
    archivedAt: moment("archived_at"),
    deletedAt: moment("deleted_at"),
    idempotencyKey: text("idempotency_key"),
    /** False until the engine has read the run and its newest intent; what the engine looks for. */
    isNoticed: flag("is_noticed").notNull().default(false),
  },
  (t) => [
    uniqueIndex("run_idempotency").on(t.idempotencyKey).where(sql`idempotency_key is not null`),
    index("run_created").on(t.createdAt, t.key).where(sql`deleted_at is null`),
    index("run_finished").on(t.finishedAt, t.key).where(sql`deleted_at is null`),
    index("run_state").on(t.state, t.createdAt, t.key).where(sql`deleted_at is null`),
    index("run_experiment").on(t.experimentKey, t.createdAt, t.key).where(sql`deleted_at is null`),
    index("run_pipeline").on(t.pipelineKey, t.createdAt, t.key).where(sql`deleted_at is null`),
    index("run_version").on(t.versionKey),
    index("run_recurring").on(t.recurringRunKey, t.createdAt).where(sql`recurring_run_key is not null`),
    index("run_open").on(t.key).where(sql`state in ('pending', 'running', 'canceling')`),
    index("run_intent").on(t.key).where(sql`is_noticed = 0`),
  ],
);

/** Inputs of a run: what was given (absent for a default) and what it resolved to. */
export const runParameter = sqliteTable(
  "run_parameter",
  {
    runKey: integer("run_key")
      .notNull()
      .references(() => run.key, { onDelete: "cascade" }),
    name: text("name").notNull(),
    isGiven: flag("is_given").notNull(),
    /** What was given, before macros; JSON null when the default was taken. */
    raw: json<JsonValue>("raw"),
    value: json<JsonValue>("value"),
  },
  (t) => [primaryKey({ columns: [t.runKey, t.name] })],
);

/** Output parameters of the run as a whole. */
export const runOutput = sqliteTable(
  "run_output",
  {
    runKey: integer("run_key")
      .notNull()
      .references(() => run.key, { onDelete: "cascade" }),
    name: text("name").notNull(),
    value: json<JsonValue>("value"),
  },
  (t) => [primaryKey({ columns: [t.runKey, t.name] })],
);

/** What the run does not do though its file asks for it, and other remarks. */
export const runNotice = sqliteTable(
  "run_notice",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    runKey: integer("run_key")
      .notNull()
      .references(() => run.key, { onDelete: "cascade" }),
    code: text("code").notNull(),
    message: text("message").notNull(),
    step: text("step"),
  },
  (t) => [index("run_notice_run").on(t.runKey)],
);

/** How many runs are in each state, per experiment, archived or not; kept by triggers so that counts cost nothing. */
export const runCount = sqliteTable(
  "run_count",
  {
    experimentKey: integer("experiment_key").notNull(),
    state: text("state").$type<RunState>().notNull(),
    isArchived: flag("is_archived").notNull(),
    count: integer("count").notNull(),
  },
  (t) => [primaryKey({ columns: [t.experimentKey, t.state, t.isArchived] })],
);
