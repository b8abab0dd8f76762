/** The tasks that the page of a run is given: all, or of a run with very many iterations those a reader needs first. */
import { and, eq, inArray, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { task } from "@/db/schema";
import { GROUP_KINDS } from "@/pipelines/graph";
import type { TaskState } from "@/server/domain/states";
import type { LoopView, StepSumView, TaskCounts, TaskSummary } from "@/server/domain/views/tasks";
import { readTasks } from "./task-rows";

/** Up to this many tasks inside loops a run is given whole. */
const WHOLE = 400;
/** Iterations of one loop that are given in any case: the first ones, and those that failed or go on. */
const FIRST_ITERATIONS = 10;
const TELLING_ITERATIONS = 20;
/** Loops whose iterations are given; further ones show their counts alone. */
const MAX_LOOPS = 20;

const TELLING: readonly TaskState[] = ["failed", "running", "canceling", "queued"];

/** Step keys are percent-encoded, so a bracket in a path is an iteration. */
const isInLoop = sql`instr(${task.path}, '[') > 0`;

export interface RunTasks {
  readonly tasks: readonly TaskSummary[];
  readonly leftOut: number;
}

/** Everything below a task but the iterations of loops inside it. `0` follows `/`, so the two bounds hold one subtree. */
const below = (runKey: number, path: string): SQL | undefined =>
  and(
    eq(task.runKey, runKey),
    sql`${task.path} > ${`${path}/`} and ${task.path} < ${`${path}0`}`,
    sql`instr(substr(${task.path}, ${path.length + 1}), '[') = 0`,
  );

function tellingIterations(db: Executor, loop: TaskSummary): TaskSummary[] {
  const iterations = and(eq(task.parentKey, loop.id), isNotNull(task.iteration));
  const order = sql`${task.iteration}`;
  const first = readTasks(db, iterations, { order, limit: FIRST_ITERATIONS });
  const telling = TELLING.flatMap((state) =>
    readTasks(db, and(iterations, eq(task.state, state)), { order, limit: TELLING_ITERATIONS }),
  ).slice(0, TELLING_ITERATIONS);
  return [...first, ...telling];
}

/** A task and the groups around it. */
function withAncestors(db: Executor, key: number): TaskSummary[] {
  const line: TaskSummary[] = [];
  for (let at: number | null = key; at !== null; at = line.at(-1)?.parent ?? null) {
    const found: TaskSummary | undefined = readTasks(db, eq(task.key, at))[0];
    if (found === undefined) break;
    line.push(found);
  }
  return line;
}

/** Tasks of a run, parents before children; `wanted` is among them whatever else is left out. */
export function tasksForPage(db: Executor, runKey: number, wanted: number | null): RunTasks {
  const inRun = eq(task.runKey, runKey);
  const inside = db.select({ count: sql<number>`count(*)` }).from(task).where(and(inRun, isInLoop)).get()?.count ?? 0;
  if (inside <= WHOLE) return { tasks: readTasks(db, inRun), leftOut: 0 };
  const given = new Map<number, TaskSummary>();
  const give = (tasks: readonly TaskSummary[]) => {
    for (const each of tasks) given.set(each.id, each);
  };
  const outside = readTasks(db, and(inRun, sql`not ${isInLoop}`));
  give(outside);
  if (wanted !== null) give(withAncestors(db, wanted));
  for (const loop of outside.filter((each) => each.kind === "loop").slice(0, MAX_LOOPS)) {
    for (const iteration of tellingIterations(db, loop)) {
      give([iteration]);
      give(readTasks(db, below(runKey, iteration.step), { limit: WHOLE }));
    }
  }
  const tasks = [...given.values()].sort((a, b) => a.id - b.id);
  return { tasks, leftOut: inside - (tasks.length - outside.length) };
}

/** The leaf task that failed with the earliest end; null when none did. */
export function firstFailedTask(db: Executor, runKey: number): number | null {
  const groups = sql.join(
    [...GROUP_KINDS].map((kind) => sql`${kind}`),
    sql`, `,
  );
  const row = db
    .select({ key: task.key })
    .from(task)
    .where(and(eq(task.runKey, runKey), eq(task.state, "failed"), sql`${task.kind} not in (${groups})`))
    .orderBy(sql`${task.finishedAt} is null, ${task.finishedAt}, ${task.key}`)
    .limit(1)
    .get();
  return row?.key ?? null;
}

function gathered<K>(rows: readonly { readonly of: K; readonly state: TaskState; readonly count: number }[]) {
  const counts = new Map<K, { [state in TaskState]?: number }>();
  for (const { of, state, count } of rows) {
    const own = counts.get(of) ?? {};
    own[state] = (own[state] ?? 0) + count;
    counts.set(of, own);
  }
  return counts as ReadonlyMap<K, TaskCounts>;
}

/** Iterations by state of these loops. */
export function loopsOf(db: Executor, loops: readonly number[]): LoopView[] {
  if (loops.length === 0) return [];
  const rows = db
    .select({ of: sql<number>`${task.parentKey}`, state: task.state, count: sql<number>`count(*)` })
    .from(task)
    .where(and(inArray(task.parentKey, [...loops]), isNotNull(task.iteration)))
    .groupBy(task.parentKey, task.state)
    .all();
  return [...gathered(rows)].map(([of, iterations]) => ({ task: of, iterations }));
}

/** Every step that lies in a loop, with all its tasks taken together. */
export function stepSumsOf(db: Executor, runKey: number): StepSumView[] {
  const rows = db
    .select({
      of: task.stepPath,
      state: task.state,
      count: sql<number>`count(*)`,
      startedAt: sql<number | null>`min(${task.startedAt})`,
      finishedAt: sql<number | null>`max(${task.finishedAt})`,
      open: sql<number>`sum(${task.finishedAt} is null)`,
    })
    .from(task)
    .where(and(eq(task.runKey, runKey), isInLoop, isNull(task.iteration)))
    .groupBy(task.stepPath, task.state)
    .all();
  const iso = (values: readonly (number | null)[], pick: (...values: number[]) => number): string | null => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : new Date(pick(...known)).toISOString();
  };
  return [...gathered(rows)].map(([stepPath, tasks]) => {
    const own = rows.filter((row) => row.of === stepPath);
    const startedAt = iso(
      own.map((row) => row.startedAt),
      Math.min,
    );
    const finishedAt = iso(
      own.map((row) => row.finishedAt),
      Math.max,
    );
    return { stepPath, tasks, startedAt, finishedAt: own.some((row) => row.open > 0) ? null : finishedAt };
  });
}
