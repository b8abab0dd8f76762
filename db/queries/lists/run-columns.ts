/** What a run is filtered and sorted by, as SQL: its own columns, those of its owners, and its parameters, metrics and tags. */
import { type SQL, sql } from "drizzle-orm";
import { experiment, pipeline, recurringRun, run, runMetric, runParameter, runTag, version } from "@/db/schema";
import { familyOf } from "@/server/domain/lists/families";
import type { Comparison } from "@/server/domain/lists/filter";
import { mixed, number, text } from "./comparison-sql";

/** The error that is shown beside a failed run. */
export const ERROR = sql`case when ${run.state} = 'failed' and json_valid(${run.reason}) then json_extract(${run.reason}, '$.message') end`;
export const DURATION = sql`(${run.finishedAt} - ${run.startedAt})`;
export const PIPELINE = sql`coalesce((select p.display_name from ${pipeline} p where p.key = ${run.pipelineKey}), ${run.pipelineName})`;
export const EXPERIMENT = sql`(select e.name from ${experiment} e where e.key = ${run.experimentKey})`;
export const VERSION = sql`(select v.number from ${version} v where v.key = ${run.versionKey})`;
export const RECURRING = sql`(select r.name from ${recurringRun} r where r.key = ${run.recurringRunKey})`;

/** Parameters, metrics and tags: a table each, with a row for every name of a run. */
const FACTS: {
  readonly [family: string]: {
    readonly table: SQL;
    /** Has the runs by name and value. */
    readonly index: SQL;
    readonly value: SQL;
    readonly compare: (value: SQL, comparison: Comparison) => SQL;
  };
} = {
  param: {
    table: sql`${runParameter}`,
    index: sql.raw("run_parameter_scalar"),
    value: sql.raw("f.scalar"),
    compare: mixed,
  },
  metric: { table: sql`${runMetric}`, index: sql.raw("run_metric_value"), value: sql.raw("f.value"), compare: number },
  tag: { table: sql`${runTag}`, index: sql.raw("run_tag_value"), value: sql.raw("f.value"), compare: text },
};

export interface Fact {
  readonly table: SQL;
  readonly index: SQL;
  readonly value: SQL;
  readonly name: string;
  readonly holds: (comparison: Comparison) => SQL;
}

/** The fact that a field of a family speaks of; null for a column of the run. */
export function factOf(field: string): Fact | null {
  const member = familyOf(field);
  const kind = member === null ? undefined : FACTS[member.family];
  if (member === null || kind === undefined) return null;
  const { table, index, value, compare } = kind;
  return { table, index, value, name: member.name, holds: (comparison) => compare(value, comparison) };
}
