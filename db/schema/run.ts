/** Runs: one execution of a version each; the row stays narrow because lists read it. */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { JsonValue } from "@/pipelines/graph";
import type { ProfileSettings } from "@/server/domain/profile";
import type { Reason } from "@/server/domain/reason";
import type { RunState } from "@/server/domain/states";
import type { FileMode, RunExtent, RunOrigin } from "@/server/domain/views/runs";
import type { TaskCounts } from "@/server/domain/views/tasks";
import { flag, json, moment, scalar } from "./columns";
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
    /** Paths of the steps that reuse nothing in this run. */
    cacheOff: json<readonly string[]>("cache_off").notNull().default([]),
    /** The profile as it stood when the run was made; later changes do not reach it. */
    profileSettings: json<ProfileSettings>("profile_settings"),
    fileMode: text("file_mode").$type<FileMode>().notNull().default("shared"),
    extent: json<RunExtent>("extent").notNull().default({ kind: "all" }),
    stopsOnFailure: flag("stops_on_failure").notNull().default(false),
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
    /** Stop hard: exit tasks do not run either. */
    isCancelHard: flag("is_cancel_hard").notNull().default(false),
    /** The intent to run again what failed; the engine clears it when it has reopened the run. */
    retryRequestedAt: moment("retry_requested_at"),
    retryRequestedBy: text("retry_requested_by"),
    /** When the time limit of the whole run ends it. */
    deadlineAt: moment("deadline_at"),
    archivedAt: moment("archived_at"),
    deletedAt: moment("deleted_at"),
    /** Its removal for good has begun, and nothing brings it back. */
    purgingAt: moment("purging_at"),
    /** Made at its moment, but kept back until its recurring run has room for one more. */
    isHeld: flag("is_held").notNull().default(false),
    /** False until the engine has read the run and its newest intent; what the engine looks for. */
    isNoticed: flag("is_noticed").notNull().default(false),
  },
  (t) => [
    index("run_created").on(t.createdAt, t.key).where(sql`deleted_at is null`),
    index("run_deleted").on(t.deletedAt, t.key).where(sql`deleted_at is not null`),
    index("run_archived").on(t.createdAt, t.key).where(sql`deleted_at is null and archived_at is not null`),
    index("run_scheduled").on(t.scheduledAt, t.key).where(sql`deleted_at is null`),
    index("run_started").on(t.startedAt, t.key).where(sql`deleted_at is null`),
    index("run_origin").on(t.origin, t.createdAt, t.key).where(sql`deleted_at is null`),
    index("run_unlisted")
      .on(sql`pipeline_name collate nocase`, sql`pipeline_key is not null`, t.createdAt, t.key)
      .where(sql`deleted_at is null and pipeline_key is null`),
    index("run_duration").on(sql`finished_at - started_at`, t.key).where(sql`deleted_at is null`),
    index("run_profile").on(t.profile, t.createdAt, t.key).where(sql`deleted_at is null`),
    index("run_priority").on(t.priority, t.createdAt, t.key).where(sql`deleted_at is null`),
    index("run_finished").on(t.finishedAt, t.key).where(sql`deleted_at is null`),
    index("run_name").on(sql`name collate nocase`, t.key).where(sql`deleted_at is null`),
    index("run_state").on(t.state, t.createdAt, t.key).where(sql`deleted_at is null`),
    index("run_experiment").on(t.experimentKey, t.createdAt, t.key).where(sql`deleted_at is null`),
    index("run_pipeline").on(t.pipelineKey, t.createdAt, t.key).where(sql`deleted_at is null`),
    index("run_version").on(t.versionKey, t.createdAt, t.key),
    index("run_recurring").on(t.recurringRunKey, t.createdAt).where(sql`recurring_run_key is not null`),
    index("run_recurring_open")
      .on(t.recurringRunKey, t.key)
      .where(sql`recurring_run_key is not null and state in ('pending', 'running', 'canceling')`),
    index("run_deadline").on(t.deadlineAt).where(sql`state = 'running' and deadline_at is not null`),
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
    /** The value as lists compare it: a number, else text of at most 1,000 characters; null for JSON null. */
    scalar: scalar("scalar").generatedAlwaysAs(
      sql`case when not json_valid(value) or json_type(value) = 'null' then null
        when json_type(value) in ('true', 'false') then json_type(value)
        when json_type(value) in ('integer', 'real') then json_extract(value, '$')
        else substr(json_extract(value, '$'), 1, 1000) end`,
      { mode: "virtual" },
    ),
  },
  (t) => [primaryKey({ columns: [t.runKey, t.name] }), index("run_parameter_scalar").on(t.name, t.scalar, t.runKey)],
);

/** What people call a run by, beside its name: `team = vision`. */
export const runTag = sqliteTable(
  "run_tag",
  {
    runKey: integer("run_key")
      .notNull()
      .references(() => run.key, { onDelete: "cascade" }),
    name: text("name").notNull(),
    value: text("value").notNull(),
  },
  (t) => [primaryKey({ columns: [t.runKey, t.name] }), index("run_tag_value").on(t.name, t.value, t.runKey)],
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

/** Rounds of a run that a retry has left behind, and how each ended; a trigger writes one when the run goes back. */
export const runRound = sqliteTable(
  "run_round",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    runKey: integer("run_key")
      .notNull()
      .references(() => run.key, { onDelete: "cascade" }),
    startedAt: moment("started_at"),
    finishedAt: moment("finished_at").notNull(),
    state: text("state").$type<RunState>().notNull(),
    reason: json<Reason>("reason"),
    cancelRequestedBy: text("cancel_requested_by"),
    /** When the retry was asked for, with which the next round begins. */
    retriedAt: moment("retried_at").notNull(),
  },
  (t) => [index("run_round_run").on(t.runKey)],
);

/** What a client of the Kubeflow API sent for its plugins, told again as it came; apart because few runs have any. */
export const runPlugins = sqliteTable("run_plugins", {
  runKey: integer("run_key")
    .primaryKey()
    .references(() => run.key, { onDelete: "cascade" }),
  input: json<{ readonly [name: string]: JsonValue }>("input").notNull(),
});

/** How many runs are in each state, per experiment and pipeline, archived or not; kept by triggers so that counts cost nothing. */
export const runCount = sqliteTable(
  "run_count",
  {
    experimentKey: integer("experiment_key").notNull(),
    /** 0 for runs without a pipeline. */
    pipelineKey: integer("pipeline_key").notNull(),
    state: text("state").$type<RunState>().notNull(),
    isArchived: flag("is_archived").notNull(),
    count: integer("count").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.experimentKey, t.pipelineKey, t.state, t.isArchived] }),
    index("run_count_pipeline").on(t.pipelineKey, t.state),
  ],
);
