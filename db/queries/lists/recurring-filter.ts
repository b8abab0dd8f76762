/** Comparisons of recurring runs as conditions on their rows: there are few of them, so no index has to help. */
import { type SQL, sql } from "drizzle-orm";
import { experiment, pipeline, recurringRun, version } from "@/db/schema";
import { familyOf } from "@/server/domain/lists/families";
import type { Comparison, Filter } from "@/server/domain/lists/filter";
import { contains } from "../conditions";
import { filterSql, mixed, moment, number, text } from "./comparison-sql";

const STATE = sql`case when not ${recurringRun.isEnabled} then 'disabled'
  when ${recurringRun.nextAt} is null then 'ended' else 'enabled' end`;

/** A member of a JSON column; truth as the words that a filter writes for it. */
const member = (column: SQL, name: string): SQL =>
  sql`(select iif(each.type in ('true', 'false'), each.type, each.value) from json_each(${column}) each where each.key = ${name})`;

const COMPARE: { readonly [field: string]: (comparison: Comparison, nowMs: number) => SQL } = {
  text: (c) => {
    const words = "value" in c ? String(c.value) : "";
    return sql`(${contains(sql`${recurringRun.name}`, words)} or ${contains(sql`${recurringRun.description}`, words)}
      or ${recurringRun.id} = ${words})`;
  },
  state: (c) => text(STATE, c),
  name: (c) => text(sql`${recurringRun.name}`, c),
  description: (c) => text(sql`${recurringRun.description}`, c),
  pipeline: (c) => text(sql`(select p.display_name from ${pipeline} p where p.key = ${recurringRun.pipelineKey})`, c),
  version: (c) => number(sql`(select v.number from ${version} v where v.key = ${recurringRun.versionKey})`, c),
  experiment: (c) => text(sql`(select e.name from ${experiment} e where e.key = ${recurringRun.experimentKey})`, c),
  profile: (c) => text(sql`${recurringRun.profile}`, c),
  zone: (c) => text(sql`${recurringRun.timeZone}`, c),
  cap: (c) => number(sql`${recurringRun.maxConcurrency}`, c),
  overlap: (c) => text(sql`${recurringRun.overlap}`, c),
  catchup: (c) => text(sql`${recurringRun.catchUp}`, c),
  runs: (c) => number(sql`${recurringRun.runCount}`, c),
  next: (c, now) => moment(sql`iif(${recurringRun.isEnabled}, ${recurringRun.nextAt}, null)`, c, now),
  start: (c, now) => moment(sql`${recurringRun.startAt}`, c, now),
  end: (c, now) => moment(sql`${recurringRun.endAt}`, c, now),
  created: (c, now) => moment(sql`${recurringRun.createdAt}`, c, now),
  updated: (c, now) => moment(sql`${recurringRun.updatedAt}`, c, now),
  id: (c) => text(sql`${recurringRun.id}`, c),
};

function compare(comparison: Comparison, nowMs: number): SQL {
  const own = familyOf(comparison.field);
  if (own?.family === "tag") return text(member(sql`${recurringRun.tags}`, own.name), comparison);
  if (own?.family === "param") return mixed(member(sql`${recurringRun.parameters}`, own.name), comparison);
  const read = COMPARE[comparison.field];
  if (read === undefined) throw new Error(`Recurring runs have no field ${comparison.field}.`);
  return read(comparison, nowMs);
}

/** A checked filter as one condition. */
export const recurringFilter = (filter: Filter, nowMs: number): SQL =>
  filterSql(filter, (comparison) => compare(comparison, nowMs));
