/** Tasks and attempts: the execution of a step inside a run, and each try of it. */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { JsonValue, StepKind } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import type { AttemptState, TaskState } from "@/server/domain/states";
import { json, moment } from "./columns";
import { run } from "./run";

export const task = sqliteTable(
  "task",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    runKey: integer("run_key")
      .notNull()
      .references(() => run.key, { onDelete: "cascade" }),
    parentKey: integer("parent_key"),
    /** Path of the task, with `[n]` segments. */
    path: text("path").notNull(),
    /** Path of the step in the version's graph. */
    stepPath: text("step_path").notNull(),
    name: text("name").notNull(),
    kind: text("kind").$type<StepKind>().notNull(),
    iteration: integer("iteration"),
    /** How many iterations a loop has, once it was reached. */
    iterationCount: integer("iteration_count"),
    state: text("state").$type<TaskState>().notNull(),
    reason: json<Reason>("reason"),
    attempt: integer("attempt").notNull().default(0),
    /** Where it stands in the queue, as its run says; set when it is queued, so that one index answers whose turn it is. */
    profile: text("profile"),
    priority: integer("priority").notNull().default(0),
    experimentKey: integer("experiment_key"),
    /** What it counts for where its profile limits what all steps take together; null for no limit of its own. */
    cpus: real("cpus"),
    memoryBytes: integer("memory_bytes"),
    createdAt: moment("created_at").notNull(),
    queuedAt: moment("queued_at"),
    /** When a task that failed may try again; set while it is queued for that. */
    retryAt: moment("retry_at"),
    /** Attempts before the present round of tries; a retry of the run begins a new round. */
    retryBase: integer("retry_base").notNull().default(0),
    /** When the first attempt of the round was claimed. */
    retrySince: moment("retry_since"),
    /** The task whose outputs this one took over: a cache hit, or a step of the run it continues. */
    sourceTaskKey: integer("source_task_key"),
    startedAt: moment("started_at"),
    finishedAt: moment("finished_at"),
  },
  (t) => [
    uniqueIndex("task_path").on(t.runKey, t.path),
    index("task_parent").on(t.parentKey, t.iteration).where(sql`parent_key is not null`),
    index("task_failed").on(t.key).where(sql`state = 'failed'`),
    index("task_retry").on(t.retryAt).where(sql`state = 'queued' and retry_at is not null`),
    index("task_queue")
      .on(t.profile, sql`priority desc`, t.experimentKey, t.queuedAt, t.key)
      .where(sql`state = 'queued' and retry_at is null`),
  ],
);

export const attempt = sqliteTable(
  "attempt",
  {
    key: integer("key").primaryKey({ autoIncrement: true }),
    taskKey: integer("task_key")
      .notNull()
      .references(() => task.key, { onDelete: "cascade" }),
    runKey: integer("run_key").notNull(),
    /** Counts from 1; the fence of the attempt. */
    number: integer("number").notNull(),
    state: text("state").$type<AttemptState>().notNull(),
    reason: json<Reason>("reason"),
    exitCode: integer("exit_code"),
    createdAt: moment("created_at").notNull(),
    startedAt: moment("started_at"),
    finishedAt: moment("finished_at"),
    /** Set when TERM was sent. */
    stoppedAt: moment("stopped_at"),
    /** When its time limit ends it. */
    deadlineAt: moment("deadline_at"),
    /** Why the engine stopped it, when that is not the end of the run: a time limit. */
    stopReason: json<Reason>("stop_reason"),
    /** Processor time of the step and its children. */
    cpuMs: integer("cpu_ms"),
    /** Most resident memory of the process tree at once. */
    peakBytes: integer("peak_bytes"),
    /** Size of the artifacts it was given and of those it left. */
    bytesIn: integer("bytes_in"),
    bytesOut: integer("bytes_out"),
    pid: integer("pid"),
    /** Identity for adoption: pid + start time + boot id, container id or pod uid. */
    handle: json<JsonValue>("handle"),
  },
  (t) => [
    uniqueIndex("attempt_number").on(t.taskKey, t.number),
    index("attempt_deadline").on(t.deadlineAt).where(sql`state in ('starting', 'running') and deadline_at is not null`),
    index("attempt_live").on(t.runKey, t.key).where(sql`state in ('starting', 'running')`),
  ],
);

/** Parameter values of a task, in and out. */
export const taskValue = sqliteTable(
  "task_value",
  {
    taskKey: integer("task_key")
      .notNull()
      .references(() => task.key, { onDelete: "cascade" }),
    direction: text("direction").$type<"input" | "output">().notNull(),
    name: text("name").notNull(),
    value: json<JsonValue>("value"),
  },
  (t) => [primaryKey({ columns: [t.taskKey, t.direction, t.name] })],
);
