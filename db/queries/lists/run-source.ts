/** Runs as a list: every comparison and every order of `RUN_FIELDS` as SQL, with what indexes can give. */
import { type SQL, sql } from "drizzle-orm";
import { experiment, pipeline, recurringRun, run, runMetric, runParameter, runTag, version } from "@/db/schema";
import { familyOf } from "@/server/domain/lists/families";
import type { Comparison, FilterValue } from "@/server/domain/lists/filter";
import type { RunSort } from "@/server/domain/lists/run-sorts";
import { contains } from "../conditions";
import { length, mixed, moment, negated, number, some, text } from "./comparison-sql";
import type { ListOrder, ListSource } from "./list-source";
import { idStart, searchMatch } from "./search-match";

/** Parameters, metrics and tags: a table each, with a row for every name of a run. */
const FACTS: {
  readonly [family: string]: {
    readonly table: SQL;
    readonly value: SQL;
    readonly compare: (value: SQL, comparison: Comparison) => SQL;
  };
} = {
  param: { table: sql`${runParameter}`, value: sql.raw("f.scalar"), compare: mixed },
  metric: { table: sql`${runMetric}`, value: sql.raw("f.value"), compare: number },
  tag: { table: sql`${runTag}`, value: sql.raw("f.value"), compare: text },
};

interface Fact {
  readonly table: SQL;
  readonly value: SQL;
  readonly name: string;
  readonly holds: (comparison: Comparison) => SQL;
}

function factOf(field: string): Fact | null {
  const member = familyOf(field);
  const kind = member === null ? undefined : FACTS[member.family];
  if (member === null || kind === undefined) return null;
  const { table, value, compare } = kind;
  return { table, value, name: member.name, holds: (comparison) => compare(value, comparison) };
}

/**
 * What a comparison says of a run's own fact, unknown without one. The comparison is what is selected, so that the fact is
 * looked up by run and name: as a condition it would draw in the index of values, and with it a walk for every run.
 */
const factHolds = ({ table, name }: Fact, condition: SQL): SQL =>
  sql`(select ${condition} from ${table} f where f.run_key = ${run.key} and f.name = ${name})`;

function compareFact(fact: Fact, comparison: Comparison): SQL {
  if (comparison.is !== "!=") return factHolds(fact, fact.holds(comparison));
  return negated(factHolds(fact, fact.holds({ ...comparison, is: "=" })));
}

/** The error that is shown beside a failed run. */
const ERROR = sql`case when ${run.state} = 'failed' and json_valid(${run.reason}) then json_extract(${run.reason}, '$.message') end`;
const DURATION = sql`(${run.finishedAt} - ${run.startedAt})`;
const PIPELINE = sql`coalesce((select p.display_name from ${pipeline} p where p.key = ${run.pipelineKey}), ${run.pipelineName})`;
const EXPERIMENT = sql`(select e.name from ${experiment} e where e.key = ${run.experimentKey})`;
const VERSION = sql`(select v.number from ${version} v where v.key = ${run.versionKey})`;
const RECURRING = sql`(select r.name from ${recurringRun} r where r.key = ${run.recurringRunKey})`;

function compareText(comparison: Comparison): SQL {
  const wanted = comparison.is === "contains" ? comparison.value : "";
  const inTag = sql`exists (select 1 from ${runTag} t where t.run_key = ${run.key}
    and ${contains(sql`(t.name || '=' || t.value)`, wanted)})`;
  return some([contains(sql`${run.name}`, wanted), contains(sql`${run.description}`, wanted), inTag, idStart(wanted)]);
}

/** An owner that is named by its id becomes one key, so that the index on the run's own key gives the list. */
const owned = (column: SQL, table: SQL, comparison: Comparison): SQL => {
  const id = "value" in comparison ? String(comparison.value) : "";
  return sql`${column} = (select o.key from ${table} o where o.id = ${id})`;
};

const flag = (comparison: Comparison): boolean => "value" in comparison && String(comparison.value) === "true";

type Compare = (comparison: Comparison, nowMs: number) => SQL;

const COMPARE: { readonly [field: string]: Compare } = {
  text: compareText,
  state: (c) => text(sql`${run.state}`, c),
  name: (c) => text(sql`${run.name}`, c),
  description: (c) => text(sql`${run.description}`, c),
  error: (c) => text(ERROR, c),
  pipeline: (c) => text(PIPELINE, c),
  pipelineId: (c) => owned(sql`${run.pipelineKey}`, sql`${pipeline}`, c),
  version: (c) => number(VERSION, c),
  versionId: (c) => owned(sql`${run.versionKey}`, sql`${version}`, c),
  experiment: (c) => (c.is === "=" ? sql`${run.experimentKey} in (${experimentKeys(c.value)})` : text(EXPERIMENT, c)),
  experimentId: (c) => owned(sql`${run.experimentKey}`, sql`${experiment}`, c),
  profile: (c) => text(sql`${run.profile}`, c),
  origin: (c) => text(sql`${run.origin}`, c),
  recurring: (c) => text(RECURRING, c),
  recurringRunId: (c) => owned(sql`${run.recurringRunKey}`, sql`${recurringRun}`, c),
  created: (c, now) => moment(sql`${run.createdAt}`, c, now),
  scheduled: (c, now) => moment(sql`${run.scheduledAt}`, c, now),
  started: (c, now) => moment(sql`${run.startedAt}`, c, now),
  finished: (c, now) => moment(sql`${run.finishedAt}`, c, now),
  duration: (c) => length(DURATION, c),
  archived: (c) => (flag(c) ? sql`${run.archivedAt} is not null` : sql`${run.archivedAt} is null`),
  id: (c) => text(sql`${run.id}`, c),
};

const experimentKeys = (name: FilterValue): SQL =>
  sql`select e.key from ${experiment} e where e.name = ${String(name)}`;

const ORDERS: { readonly [sort in RunSort]: { readonly by: SQL; readonly isNullable: boolean } } = {
  created: { by: sql`${run.createdAt}`, isNullable: false },
  scheduled: { by: sql`${run.scheduledAt}`, isNullable: false },
  started: { by: sql`${run.startedAt}`, isNullable: true },
  finished: { by: sql`${run.finishedAt}`, isNullable: true },
  duration: { by: DURATION, isNullable: true },
  name: { by: sql`${run.name} collate nocase`, isNullable: false },
  state: { by: sql`${run.state}`, isNullable: false },
  pipeline: { by: sql`${PIPELINE} collate nocase`, isNullable: false },
  version: { by: VERSION, isNullable: false },
  experiment: { by: sql`${EXPERIMENT} collate nocase`, isNullable: false },
  profile: { by: sql`${run.profile}`, isNullable: false },
  origin: { by: sql`${run.origin}`, isNullable: false },
};

/** A run's own column in a way that no index serves. */
const loose = (by: SQL): SQL => sql`+${by}`;

function orderOf(sort: string, isLoose: boolean): ListOrder {
  const fact = factOf(sort);
  if (fact === null) {
    const order = ORDERS[sort as RunSort] ?? ORDERS.created;
    return isLoose ? { ...order, by: loose(order.by) } : order;
  }
  const { table, name, value } = fact;
  const own = sql`(select ${value} from ${table} f where f.run_key = ${run.key} and f.name = ${name})`;
  if (isLoose) return { by: own, isNullable: true };
  return {
    by: value,
    isNullable: true,
    facts: {
      from: sql`${table} f cross join ${run} on ${run.key} = f.run_key and f.name = ${name}`,
      key: sql.raw("f.run_key"),
      absent: sql`${own} is null`,
    },
  };
}

/** The one owner that a name usually has, by index in the order of the list; and others of that name, deleted ones say. */
const owners = (column: SQL, named: SQL): readonly SQL[] => [
  sql`${column} = (${named} limit 1)`,
  sql`${column} in (${named} limit -1 offset 1)`,
];

function armsOf(comparison: Comparison): readonly SQL[] | null {
  const { field } = comparison;
  if (field === "state" && comparison.is === "in") {
    return [...new Set(comparison.values)].map((state) => sql`${run.state} = ${state}`);
  }
  if (field === "pipeline" && comparison.is === "=") {
    const name = String(comparison.value);
    const named = sql`select p.key from ${pipeline} p where p.display_name = ${name} order by p.key desc`;
    const unlisted = sql`(${run.pipelineKey} is null and ${run.pipelineName} = ${name})`;
    return [...owners(sql`${run.pipelineKey}`, named), unlisted];
  }
  if (field === "experiment" && comparison.is === "=") {
    return owners(sql`${run.experimentKey}`, sql`${experimentKeys(comparison.value)} order by e.key desc`);
  }
  return null;
}

function candidatesOf(comparison: Comparison): { query: SQL; isExact: boolean } | null {
  const fact = factOf(comparison.field);
  if (fact !== null && comparison.is !== "!=") {
    const { table, name, holds } = fact;
    const query = sql`select f.run_key as key from ${table} f where f.name = ${name} and ${holds(comparison)}`;
    return { query, isExact: true };
  }
  if (comparison.is !== "contains") return null;
  const { field, value } = comparison;
  const query = field === "text" || field === "name" || field === "description" ? searchMatch(field, value) : null;
  return query === null ? null : { query, isExact: false };
}

/** The list of runs as it is asked at `nowMs`, without those that were deleted. */
export const runSource = (nowMs: number): ListSource => ({
  from: sql`${run}`,
  key: sql`${run.key}`,
  visible: sql`${run.deletedAt} is null`,
  compare(comparison) {
    const fact = factOf(comparison.field);
    if (fact !== null) return compareFact(fact, comparison);
    const own = Object.hasOwn(COMPARE, comparison.field) ? COMPARE[comparison.field] : undefined;
    return own === undefined ? sql`0` : own(comparison, nowMs);
  },
  arms: armsOf,
  candidates: candidatesOf,
  order: orderOf,
});
