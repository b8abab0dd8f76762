/** Runs as a list: every comparison of `RUN_FIELDS` as SQL, with what indexes can give. */
import { type SQL, sql } from "drizzle-orm";
import { experiment, pipeline, recurringRun, run, runTag, version } from "@/db/schema";
import type { Comparison, FilterValue } from "@/server/domain/lists/filter";
import { contains } from "../conditions";
import { length, moment, negated, number, some, text } from "./comparison-sql";
import type { Arm, Candidates, ListSource } from "./list-source";
import { DURATION, ERROR, EXPERIMENT, type Fact, factOf, PIPELINE, RECURRING, VERSION } from "./run-columns";
import { runOrder } from "./run-orders";
import { idStart, searchMatch } from "./search-match";

/**
 * What a comparison says of a run's own fact, unknown without one. The comparison is what is selected, so that the fact is
 * looked up by run and name: as a condition it would draw in the index of values, and with it a walk for every run.
 */
const factHolds = ({ table, name }: Fact, condition: SQL): SQL =>
  sql`(select ${condition} from ${table} f where f.run_key = ${run.key} and f.name = ${name})`;

function compareFact(fact: Fact, comparison: Comparison): SQL {
  if (comparison.is === "=") {
    const { table, index, name, holds } = fact;
    // One place in the index of values, without the row.
    return sql`exists (select 1 from ${table} f indexed by ${index} where f.name = ${name} and ${holds(comparison)} and f.run_key = ${run.key})`;
  }
  if (comparison.is !== "!=") return factHolds(fact, fact.holds(comparison));
  return negated(factHolds(fact, fact.holds({ ...comparison, is: "=" })));
}

function compareText(comparison: Comparison): SQL {
  const wanted = comparison.is === "contains" ? comparison.value : "";
  const inTag = sql`exists (select 1 from ${runTag} t where t.run_key = ${run.key}
    and ${contains(sql`(t.name || '=' || t.value)`, wanted)})`;
  return some([contains(sql`${run.name}`, wanted), contains(sql`${run.description}`, wanted), inTag, idStart(wanted)]);
}

/** An owner that is named by its id becomes one key, so that the index on the run's own key gives the list. */
const ownedBy = (column: SQL, table: SQL, comparison: Comparison): SQL => {
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
  pipelineId: (c) => ownedBy(sql`${run.pipelineKey}`, sql`${pipeline}`, c),
  version: (c) => number(VERSION, c),
  versionId: (c) => ownedBy(sql`${run.versionKey}`, sql`${version}`, c),
  experiment: (c) => (c.is === "=" ? sql`${run.experimentKey} in (${experimentKeys(c.value)})` : text(EXPERIMENT, c)),
  experimentId: (c) => ownedBy(sql`${run.experimentKey}`, sql`${experiment}`, c),
  profile: (c) => text(sql`${run.profile}`, c),
  priority: (c) => number(sql`${run.priority}`, c),
  origin: (c) => text(sql`${run.origin}`, c),
  recurring: (c) => text(RECURRING, c),
  recurringRunId: (c) => ownedBy(sql`${run.recurringRunKey}`, sql`${recurringRun}`, c),
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

const by = (index: string): SQL => sql`${run} indexed by ${sql.raw(index)}`;

/** The one owner that a name usually has, by index in the order of time; and others of that name, deleted ones say. */
const owners = (index: string, column: SQL, named: SQL): readonly Arm[] => [
  { from: by(index), where: sql`${column} = (${named} limit 1)` },
  { from: by(index), where: sql`${column} in (${named} limit -1 offset 1)` },
];

/** Runs of a pipeline that was never listed, said as the index of such runs has them. */
const unlistedNamed = (name: string): Arm => ({
  from: by("run_unlisted"),
  where: sql`(${run.pipelineKey} is null and (${run.pipelineKey} is not null) = 0
    and ${run.pipelineName} collate nocase = ${name} and ${run.pipelineName} = ${name})`,
});

/** A comparison in parts that an index each has in the order of time; null when it is one already, or there is none. */
function armsOf(comparison: Comparison): readonly Arm[] | null {
  const { field } = comparison;
  if (field === "state" && comparison.is === "in") {
    const states = [...new Set(comparison.values)];
    return states.map((state) => ({ from: by("run_state"), where: sql`${run.state} = ${state}` }));
  }
  if (field === "pipeline" && comparison.is === "=") {
    const name = String(comparison.value);
    const named = sql`select p.key from ${pipeline} p where p.display_name = ${name} order by p.key desc`;
    return [...owners("run_pipeline", sql`${run.pipelineKey}`, named), unlistedNamed(name)];
  }
  if (field === "experiment" && comparison.is === "=") {
    const named = sql`${experimentKeys(comparison.value)} order by e.key desc`;
    return owners("run_experiment", sql`${run.experimentKey}`, named);
  }
  return null;
}

/** The indexes that answer comparisons, and whether they have their runs in the order of time. */
const INDEXES: { readonly [field: string]: { readonly index: string; readonly isByTime: boolean } } = {
  state: { index: "run_state", isByTime: true },
  pipeline: { index: "run_pipeline", isByTime: true },
  pipelineId: { index: "run_pipeline", isByTime: true },
  versionId: { index: "run_version", isByTime: true },
  experiment: { index: "run_experiment", isByTime: true },
  experimentId: { index: "run_experiment", isByTime: true },
  recurringRunId: { index: "run_recurring", isByTime: true },
  profile: { index: "run_profile", isByTime: true },
  priority: { index: "run_priority", isByTime: false },
  origin: { index: "run_origin", isByTime: true },
  archived: { index: "run_archived", isByTime: true },
  created: { index: "run_created", isByTime: true },
  scheduled: { index: "run_scheduled", isByTime: false },
  started: { index: "run_started", isByTime: false },
  finished: { index: "run_finished", isByTime: false },
  duration: { index: "run_duration", isByTime: false },
};

/** The runs of a comparison by its index; null when it has none. */
function indexed(comparison: Comparison, sort: string, nowMs: number): Candidates | null {
  const { field, is } = comparison;
  const own = Object.hasOwn(INDEXES, field) ? INDEXES[field] : undefined;
  const isRange = is !== "!=" && is !== "contains" && is !== "set";
  if (own === undefined || !isRange || (field === "archived" && !flag(comparison))) return null;
  const arms = armsOf(comparison) ?? [{ where: COMPARE[field]?.(comparison, nowMs) ?? sql`0` }];
  const each = arms.map(
    ({ from = by(own.index), where }) =>
      sql`select ${run.key} as key from ${from} where ${run.deletedAt} is null and ${where}`,
  );
  return { query: sql.join(each, sql` union all `), isExact: true, isOrdered: own.isByTime && sort === "created" };
}

function candidatesOf(comparison: Comparison, sort: string, nowMs: number): Candidates | null {
  const fact = factOf(comparison.field);
  if (fact !== null && comparison.is !== "!=") {
    const { table, name, holds } = fact;
    const query = sql`select f.run_key as key from ${table} f where f.name = ${name} and ${holds(comparison)}`;
    return { query, isExact: true, isOrdered: false };
  }
  if (comparison.is !== "contains") return indexed(comparison, sort, nowMs);
  const { field, value } = comparison;
  const query = field === "text" || field === "name" || field === "description" ? searchMatch(field, value) : null;
  return query === null ? null : { query, isExact: false, isOrdered: false };
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
  arms: (comparison, sort) => (sort === "created" ? armsOf(comparison) : null),
  candidates: (comparison, sort) => candidatesOf(comparison, sort, nowMs),
  order: runOrder,
});
