/** Pipelines as a list: filtered and sorted by their own columns, by their latest version, and by the kept counts of their runs. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { pipeline, pipelineTag, run, version } from "@/db/schema";
import { familyOf } from "@/server/domain/lists/families";
import type { Comparison } from "@/server/domain/lists/filter";
import type { PipelineSort } from "@/server/domain/lists/pipeline-fields";
import { contains } from "../conditions";
import { type PipelineRow, pipelineRunsIn, pipelinesByKey } from "../pipeline-rows";
import { moment, number, text } from "./comparison-sql";
import { columnOrders, type ListOrder, type ListSource } from "./list-source";
import { countMatching, type ItemPage, matching, readKeys } from "./read-keys";
import type { TimedQuestion } from "./task-page";

const ofLatest = (column: SQL): SQL => sql`(select ${column} from ${version} v where v.pipeline_key = ${pipeline.key}
  and v.deleted_at is null order by v.number desc limit 1)`;
const STEPS = ofLatest(sql`v.step_count`);
const VERSIONS = sql`(select count(*) from ${version} v where v.pipeline_key = ${pipeline.key} and v.deleted_at is null)`;

const ofLastRun = (column: SQL): SQL => sql`(select ${column} from ${run} r where r.pipeline_key = ${pipeline.key}
  and r.deleted_at is null order by r.created_at desc, r.key desc limit 1)`;
const LAST = ofLastRun(sql`r.created_at`);

const RUNS = pipelineRunsIn();
const RUNNING = pipelineRunsIn("running", "canceling");
const SUCCEEDED = pipelineRunsIn("succeeded");
const FAILED = pipelineRunsIn("failed");

const COMPARE: { readonly [field: string]: (comparison: Comparison, nowMs: number) => SQL } = {
  text: (c) => {
    const words = "value" in c ? String(c.value) : "";
    return sql`(${contains(sql`${pipeline.displayName}`, words)} or ${contains(sql`${pipeline.description}`, words)}
      or ${pipeline.id} = ${words})`;
  },
  name: (c) => text(sql`${pipeline.displayName}`, c),
  description: (c) => text(sql`${pipeline.description}`, c),
  format: (c) => text(ofLatest(sql`v.format`), c),
  state: (c) => text(ofLatest(sql`v.state`), c),
  version: (c) => number(ofLatest(sql`v.number`), c),
  versions: (c) => number(VERSIONS, c),
  steps: (c) => number(STEPS, c),
  profile: (c) => text(sql`${pipeline.profile}`, c),
  runs: (c) => number(RUNS, c),
  running: (c) => number(RUNNING, c),
  succeeded: (c) => number(SUCCEEDED, c),
  failed: (c) => number(FAILED, c),
  last: (c, now) => moment(LAST, c, now),
  result: (c) => text(ofLastRun(sql`r.state`), c),
  created: (c, now) => moment(sql`${pipeline.createdAt}`, c, now),
  updated: (c, now) => moment(sql`${pipeline.updatedAt}`, c, now),
  id: (c) => text(sql`${pipeline.id}`, c),
};

function compare(comparison: Comparison, nowMs: number): SQL {
  const own = familyOf(comparison.field);
  if (own?.family === "tag") {
    return text(
      sql`(select t.value from ${pipelineTag} t where t.pipeline_key = ${pipeline.key} and t.name = ${own.name})`,
      comparison,
    );
  }
  return COMPARE[comparison.field]?.(comparison, nowMs) ?? sql`0`;
}

const { always, sometimes } = columnOrders(sql`${pipeline}`, sql`${pipeline.key}`);

/** By what an index has, or by a figure that is looked up for each pipeline. */
const ORDERS: { readonly [sort in PipelineSort]: ListOrder } = {
  updated: always(sql`${pipeline.updatedAt}`),
  created: always(sql`${pipeline.createdAt}`),
  name: always(sql`${pipeline.displayName} collate nocase`),
  last: sometimes(LAST),
  versions: always(VERSIONS),
  steps: sometimes(STEPS),
  runs: always(RUNS),
  running: always(RUNNING),
  succeeded: always(SUCCEEDED),
  failed: always(FAILED),
};

const pipelineSource = (nowMs: number): ListSource => ({
  from: sql`${pipeline}`,
  key: sql`${pipeline.key}`,
  visible: sql`${pipeline.deletedAt} is null`,
  compare: (comparison) => compare(comparison, nowMs),
  arms: () => null,
  candidates: () => null,
  order: (sort) => ORDERS[sort as PipelineSort] ?? ORDERS.updated,
});

/** A page of pipelines. */
export function readPipelineItems(db: Executor, question: TimedQuestion): ItemPage<PipelineRow> {
  const source = pipelineSource(question.nowMs);
  const { keys, next } = readKeys(db, source, matching(db, source, question), question);
  return { items: pipelinesByKey(db, keys), next };
}

/** How many pipelines match, up to 10,001. */
export function countPipelines(db: Executor, question: TimedQuestion): number {
  const source = pipelineSource(question.nowMs);
  return countMatching(db, source, matching(db, source, question));
}
