/** Tasks and their attempts as views. */
import { asc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { attempt, run, task, taskValue } from "@/db/schema";
import type { JsonValue } from "@/pipelines/graph";
import type { AttemptView, TaskSummary, ValuesView } from "@/server/domain/views";
import { artifactsOfTask } from "./artifact-rows";

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

const COLUMNS = {
  id: task.key,
  step: task.path,
  stepPath: task.stepPath,
  name: task.name,
  kind: task.kind,
  state: task.state,
  reason: task.reason,
  parent: task.parentKey,
  iteration: task.iteration,
  createdAt: task.createdAt,
  queuedAt: task.queuedAt,
  startedAt: task.startedAt,
  finishedAt: task.finishedAt,
  attempt: task.attempt,
};

type Stamped = { createdAt: Date; queuedAt: Date | null; startedAt: Date | null; finishedAt: Date | null };

function taskSummary<Row extends Omit<TaskSummary, keyof Stamped> & Stamped>(row: Row): TaskSummary {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    queuedAt: iso(row.queuedAt),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
  };
}

/** Every task of a run in the order they were made, parents before children. */
export function tasksOfRun(db: Executor, runKey: number): TaskSummary[] {
  return db.select(COLUMNS).from(task).where(eq(task.runKey, runKey)).orderBy(asc(task.key)).all().map(taskSummary);
}

export interface TaskRow {
  readonly summary: TaskSummary;
  readonly runKey: number;
  readonly runId: string;
}

/** One task and its run; undefined when there is none, or its run was deleted. */
export function findTask(db: Executor, key: number): TaskRow | undefined {
  const row = db
    .select({ task: COLUMNS, runKey: run.key, runId: run.id, deletedAt: run.deletedAt })
    .from(task)
    .innerJoin(run, eq(run.key, task.runKey))
    .where(eq(task.key, key))
    .get();
  if (row === undefined || row.deletedAt !== null) return undefined;
  return { summary: taskSummary(row.task), runKey: row.runKey, runId: row.runId };
}

/** Parameter values and artifacts of a task, in and out. */
export function valuesOfTask(db: Executor, key: number): { inputs: ValuesView; outputs: ValuesView } {
  const inputs: { [name: string]: JsonValue } = {};
  const outputs: { [name: string]: JsonValue } = {};
  const rows = db
    .select({ direction: taskValue.direction, name: taskValue.name, value: taskValue.value })
    .from(taskValue)
    .where(eq(taskValue.taskKey, key))
    .all();
  for (const { direction, name, value } of rows) (direction === "input" ? inputs : outputs)[name] = value;
  const artifacts = artifactsOfTask(db, key);
  return {
    inputs: { parameters: inputs, artifacts: artifacts.inputs },
    outputs: { parameters: outputs, artifacts: artifacts.outputs },
  };
}

/** The attempts of a task as far as the database knows them; size of the log and command are on disk. */
export type AttemptRow = Omit<AttemptView, "logSize" | "command">;

/** Attempts of a task, the first one first. */
export function attemptsOfTask(db: Executor, key: number): AttemptRow[] {
  return db
    .select({
      number: attempt.number,
      state: attempt.state,
      reason: attempt.reason,
      exitCode: attempt.exitCode,
      createdAt: attempt.createdAt,
      startedAt: attempt.startedAt,
      finishedAt: attempt.finishedAt,
      pid: attempt.pid,
    })
    .from(attempt)
    .where(eq(attempt.taskKey, key))
    .orderBy(asc(attempt.number))
    .all()
    .map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      startedAt: iso(row.startedAt),
      finishedAt: iso(row.finishedAt),
    }));
}
