/** Tasks and attempts: the execution of a step inside a run, and each try of it. */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
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
    state: text("state").$type<TaskState>().notNull(),
    reason: json<Reason>("reason"),
    attempt: integer("attempt").notNull().default(0),
    priority: integer("priority").notNull().default(0),
    createdAt: moment("created_at").notNull(),
    queuedAt: moment("queued_at"),
    startedAt: moment("started_at"),
    finishedAt: moment("finished_at"),
  },
  (t) => [
    uniqueIndex("task_path").on(t.runKey, t.path),
    index("task_queue").on(sql`priority desc`, t.queuedAt, t.key).where(sql`state = 'queued'`),
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
    pid: integer("pid"),
    /** Identity for adoption: pid + start time + boot id, container id or pod uid. */
    handle: json<JsonValue>("handle"),
  },
  (t) => [
    uniqueIndex("attempt_number").on(t.taskKey, t.number),
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
