/** Executions: the tasks of all runs as a list. */
import { eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { experiment, pipeline, run, task } from "@/db/schema";
import type { Comparison } from "@/server/domain/lists/filter";
import type { TaskSort } from "@/server/domain/lists/task-fields";
import type { ExecutionView } from "@/server/domain/views/tasks";
import { length, moment, number, text } from "./comparison-sql";
import { columnOrders, type ListOrder, type ListSource } from "./list-source";
import { countMatching, type ItemPage, type ListPage, type ListQuestion, matching, readKeys } from "./read-keys";

export interface TimedQuestion extends ListQuestion {
  readonly nowMs: number;
}

const ofRun = (column: SQL): SQL => sql`(select ${column} from ${run} r where r.key = ${task.runKey})`;
const PIPELINE = ofRun(
  sql`coalesce((select p.display_name from ${pipeline} p where p.key = r.pipeline_key), r.pipeline_name)`,
);
const EXPERIMENT = ofRun(sql`(select e.name from ${experiment} e where e.key = r.experiment_key)`);
const ERROR = sql`case when json_valid(${task.reason}) then json_extract(${task.reason}, '$.message') end`;
const DURATION = sql`(${task.finishedAt} - ${task.startedAt})`;
/** Written out, so that the index of failed tasks alone is seen to fit. */
const FAILED = sql`${task.state} = 'failed'`;

const COMPARE: { readonly [field: string]: (comparison: Comparison, nowMs: number) => SQL } = {
  state: (c) => (c.is === "=" && c.value === "failed" ? FAILED : text(sql`${task.state}`, c)),
  name: (c) => text(sql`${task.name}`, c),
  path: (c) => text(sql`${task.path}`, c),
  kind: (c) => text(sql`${task.kind}`, c),
  error: (c) => text(ERROR, c),
  run: (c) => text(ofRun(sql`r.name`), c),
  pipeline: (c) => text(PIPELINE, c),
  experiment: (c) => text(EXPERIMENT, c),
  attempt: (c) => number(sql`${task.attempt}`, c),
  created: (c, now) => moment(sql`${task.createdAt}`, c, now),
  started: (c, now) => moment(sql`${task.startedAt}`, c, now),
  finished: (c, now) => moment(sql`${task.finishedAt}`, c, now),
  duration: (c) => length(DURATION, c),
};

const { always, sometimes } = columnOrders(sql`${task}`, sql`${task.key}`);

/** Keys are given as tasks are made, so their order is that of time. */
const ORDERS: { readonly [sort in TaskSort]: ListOrder } = {
  created: always(sql`${task.key}`),
  started: sometimes(sql`${task.startedAt}`),
  finished: sometimes(sql`${task.finishedAt}`),
  duration: sometimes(DURATION),
  name: always(sql`${task.name} collate nocase`),
  state: always(sql`${task.state}`),
  run: always(sql`${ofRun(sql`r.name`)} collate nocase`),
  attempt: always(sql`${task.attempt}`),
};

const taskSource = (nowMs: number): ListSource => ({
  from: sql`${task}`,
  key: sql`${task.key}`,
  visible: sql`${ofRun(sql`r.deleted_at`)} is null`,
  compare: (comparison) => COMPARE[comparison.field]?.(comparison, nowMs) ?? sql`0`,
  arms: () => null,
  candidates: () => null,
  order: (sort) => ORDERS[sort as TaskSort] ?? ORDERS.created,
});

/** The executions with these keys, in their order. */
export function executions(db: Executor, keys: readonly number[]): ExecutionView[] {
  if (keys.length === 0) return [];
  const rows = db
    .select({
      id: task.key,
      step: task.path,
      name: task.name,
      kind: task.kind,
      state: task.state,
      reason: task.reason,
      attempt: task.attempt,
      createdAt: task.createdAt,
      startedAt: task.startedAt,
      finishedAt: task.finishedAt,
      runId: run.id,
      runName: run.name,
      pipeline: PIPELINE.mapWith(String),
      experiment: EXPERIMENT.mapWith(String),
    })
    .from(task)
    .innerJoin(run, eq(run.key, task.runKey))
    .where(inArray(task.key, [...keys]))
    .all();
  const byKey = new Map(rows.map((row) => [row.id, row]));
  const iso = (at: Date | null) => at?.toISOString() ?? null;
  return keys.flatMap((key) => {
    const row = byKey.get(key);
    if (row === undefined) return [];
    const { runId, runName, createdAt, startedAt, finishedAt, ...rest } = row;
    const times = { createdAt: createdAt.toISOString(), startedAt: iso(startedAt), finishedAt: iso(finishedAt) };
    return [{ ...rest, ...times, run: { id: runId, name: runName } }];
  });
}

function read(db: Executor, question: TimedQuestion) {
  const source = taskSource(question.nowMs);
  const match = matching(db, source, question);
  const { keys, next } = readKeys(db, source, match, question);
  return { source, match, items: executions(db, keys), next };
}

/** A page of executions. */
export function readTaskPage(db: Executor, question: TimedQuestion): ListPage<ExecutionView> {
  const { source, match, items, next } = read(db, question);
  const isWhole = question.after === null && next === null;
  return { items, next, total: isWhole ? items.length : countMatching(db, source, match) };
}

/** A page of executions without their number, for who reads them all. */
export function readTaskItems(db: Executor, question: TimedQuestion): ItemPage<ExecutionView> {
  const { items, next } = read(db, question);
  return { items, next };
}
