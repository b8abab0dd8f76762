/** The orders of the list of runs, each by the index that has it: no other may be taken, or a page would sort what it walks. */
import { type SQL, sql } from "drizzle-orm";
import { experiment, pipeline, run, version } from "@/db/schema";
import type { Comparison } from "@/server/domain/lists/filter";
import type { RunSort } from "@/server/domain/lists/run-sorts";
import type { ListOrder, ValueSource } from "./list-source";
import { experimentsLeft, pipelinesLeft } from "./owners-left";
import { DURATION, EXPERIMENT, type Fact, factOf, PIPELINE, VERSION } from "./run-columns";

const KEY = sql`${run.key}`;
/** Runs of one value of a column follow each other in the order of time, as the indexes of such columns have them. */
const CREATED = sql`${run.createdAt}`;

interface Order {
  /** The sources of many rows. */
  readonly many: readonly ValueSource[];
  /** The same order of few rows, where no index has to be walked. */
  readonly few: ValueSource;
  readonly absent: SQL | null;
}

const runs = (from: SQL, by: SQL, ties: readonly SQL[]): ValueSource => ({ from, by, ties, key: KEY });
const walked = (index: string): SQL => sql`${run} indexed by ${sql.raw(index)}`;

/** By a column of the run; with `ties`, runs of one value are told apart by them first. */
function own(index: string, by: SQL, ties: readonly SQL[] = []): Order {
  return { many: [runs(walked(index), by, ties)], few: runs(sql`${run}`, sql`+${by}`, ties), absent: null };
}

/** By a column that not every run has. */
const sometimes = (index: string, by: SQL): Order => ({ ...own(index, by), absent: sql`${by} is null` });

/** By a column of what owns the runs: the owners in their order, and each one's runs by an index. */
const owners = (from: SQL, by: SQL, owner: SQL): ValueSource => ({
  ...runs(from, by, [owner, CREATED]),
  isOwned: true,
});

const within =
  (column: SQL, left: (comparison: Comparison) => SQL | null, others: SQL = sql`0`) =>
  (comparison: Comparison): SQL | null => {
    const keys = left(comparison);
    return keys === null ? null : sql`(${column} in ${keys} or ${others})`;
  };

const LISTED: ValueSource = {
  ...owners(
    sql`${pipeline} p cross join ${walked("run_pipeline")} on ${run.pipelineKey} = p.key`,
    sql.raw("p.display_name collate nocase"),
    sql.raw("p.key"),
  ),
  narrow: within(sql.raw("p.key"), pipelinesLeft),
};
const UNLISTED: ValueSource = {
  ...runs(walked("run_unlisted"), sql`${run.pipelineName} collate nocase`, [
    sql`(${run.pipelineKey} is not null)`,
    CREATED,
  ]),
  where: sql`${run.pipelineKey} is null`,
};
const VERSIONS: ValueSource = {
  ...owners(
    sql`${version} v cross join ${walked("run_version")} on ${run.versionKey} = v.key`,
    sql.raw("v.number"),
    sql.raw("v.key"),
  ),
  narrow: within(sql.raw("v.pipeline_key"), pipelinesLeft, sql.raw("v.pipeline_key is null")),
};
const EXPERIMENTS: ValueSource = {
  ...owners(
    sql`${experiment} e cross join ${walked("run_experiment")} on ${run.experimentKey} = e.key`,
    sql.raw("e.name collate nocase"),
    sql.raw("e.key"),
  ),
  narrow: within(sql.raw("e.key"), experimentsLeft),
};

function owned(many: readonly ValueSource[], by: SQL, owner: SQL): Order {
  return { many, few: runs(sql`${run}`, by, [owner, CREATED]), absent: null };
}

const ORDERS: { readonly [sort in Exclude<RunSort, "created">]: Order } = {
  scheduled: own("run_scheduled", sql`${run.scheduledAt}`),
  started: sometimes("run_started", sql`${run.startedAt}`),
  finished: sometimes("run_finished", sql`${run.finishedAt}`),
  duration: sometimes("run_duration", DURATION),
  name: own("run_name", sql`${run.name} collate nocase`),
  state: own("run_state", sql`${run.state}`, [CREATED]),
  pipeline: owned([LISTED, UNLISTED], sql`${PIPELINE} collate nocase`, sql`coalesce(${run.pipelineKey}, 0)`),
  version: owned([VERSIONS], VERSION, sql`${run.versionKey}`),
  experiment: owned([EXPERIMENTS], sql`${EXPERIMENT} collate nocase`, sql`${run.experimentKey}`),
  profile: own("run_profile", sql`${run.profile}`, [CREATED]),
  priority: own("run_priority", sql`${run.priority}`, [CREATED]),
  origin: own("run_origin", sql`${run.origin}`, [CREATED]),
};

/** Many indexes have their rows in this order too, so that the one of the filter may be taken. */
const BY_TIME: Order = {
  many: [runs(sql`${run}`, CREATED, [])],
  few: runs(sql`${run}`, sql`+${CREATED}`, []),
  absent: null,
};

function factOrder({ table, name, value }: Fact): Order {
  const ownValue = sql`(select ${value} from ${table} f where f.run_key = ${run.key} and f.name = ${name})`;
  const from = sql`${table} f cross join ${run} on ${run.key} = f.run_key and f.name = ${name}`;
  return {
    many: [{ from, by: value, ties: [], key: sql.raw("f.run_key") }],
    few: runs(sql`${run}`, ownValue, []),
    absent: sql`${ownValue} is null`,
  };
}

const orderNamed = (sort: string): Order =>
  Object.hasOwn(ORDERS, sort) ? ORDERS[sort as keyof typeof ORDERS] : BY_TIME;

/** How runs are read in an order; the order of time for one that there is not. */
export function runOrder(sort: string, isOfFew: boolean): ListOrder {
  const fact = factOf(sort);
  const { many, few, absent } = fact === null ? orderNamed(sort) : factOrder(fact);
  return { sources: isOfFew ? [few] : many, absent };
}
