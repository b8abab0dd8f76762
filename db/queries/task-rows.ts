/** Tasks and their attempts as views. */
import { and, asc, eq, type SQL } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Executor } from "@/db/client";
import { attempt, run, task, taskValue } from "@/db/schema";
import type { JsonValue } from "@/pipelines/graph";
import type { ValuesView } from "@/server/domain/views/artifacts";
import type { AttemptView } from "@/server/domain/views/attempts";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { artifactsOfTask } from "./artifact-rows";

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

const source = alias(task, "source");
const sourceRun = alias(run, "source_run");

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
  iterationCount: task.iterationCount,
  sourceTask: source.key,
  sourceStep: source.path,
  sourceRunId: sourceRun.id,
  sourceRunName: sourceRun.name,
  createdAt: task.createdAt,
  queuedAt: task.queuedAt,
  retryAt: task.retryAt,
  startedAt: task.startedAt,
  finishedAt: task.finishedAt,
  attempt: task.attempt,
};

type Stamped = {
  createdAt: Date;
  queuedAt: Date | null;
  retryAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
};

interface Source {
  readonly sourceTask: number | null;
  readonly sourceStep: string | null;
  readonly sourceRunId: string | null;
  readonly sourceRunName: string | null;
}

type Row = Omit<TaskSummary, keyof Stamped | "source"> & Stamped & Source;

function taskSummary({ sourceTask, sourceStep, sourceRunId, sourceRunName, ...row }: Row): TaskSummary {
  return {
    ...row,
    source:
      sourceTask === null
        ? null
        : { task: sourceTask, step: sourceStep ?? "", runId: sourceRunId ?? "", runName: sourceRunName ?? "" },
    createdAt: row.createdAt.toISOString(),
    queuedAt: iso(row.queuedAt),
    retryAt: row.state === "queued" ? iso(row.retryAt) : null,
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
  };
}

/** The first `limit` tasks that `where` lets through, in `order`; by default as they were made, parents before children. */
export function readTasks(
  db: Executor,
  where: SQL | undefined,
  { order, limit }: { readonly order?: SQL; readonly limit?: number } = {},
): TaskSummary[] {
  const query = db
    .select(COLUMNS)
    .from(task)
    .leftJoin(source, eq(source.key, task.sourceTaskKey))
    .leftJoin(sourceRun, eq(sourceRun.key, source.runKey))
    .where(where)
    .orderBy(order ?? asc(task.key));
  return (limit === undefined ? query : query.limit(limit)).all().map(taskSummary);
}

/** Every task of a run in the order they were made, parents before children. */
export const tasksOfRun = (db: Executor, runKey: number): TaskSummary[] => readTasks(db, eq(task.runKey, runKey));

/** Key of the task at a path of a run. */
export const findTaskKey = (db: Executor, runKey: number, path: string): number | undefined =>
  db
    .select({ key: task.key })
    .from(task)
    .where(and(eq(task.runKey, runKey), eq(task.path, path)))
    .get()?.key;

export interface TaskRow {
  readonly summary: TaskSummary;
  readonly runKey: number;
  readonly runId: string;
}

/** One task and its run; undefined when there is none, or its run was deleted. */
export function findTask(db: Executor, key: number): TaskRow | undefined {
  const row = db
    .select({ ...COLUMNS, runKey: run.key, runId: run.id, deletedAt: run.deletedAt })
    .from(task)
    .leftJoin(source, eq(source.key, task.sourceTaskKey))
    .leftJoin(sourceRun, eq(sourceRun.key, source.runKey))
    .innerJoin(run, eq(run.key, task.runKey))
    .where(eq(task.key, key))
    .get();
  if (row === undefined || row.deletedAt !== null) return undefined;
  const { runKey, runId, deletedAt: _, ...of } = row;
  return { summary: taskSummary(of), runKey, runId };
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
      cpuMs: attempt.cpuMs,
      peakBytes: attempt.peakBytes,
      bytesIn: attempt.bytesIn,
      bytesOut: attempt.bytesOut,
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
