/** Recurring runs: rows and lists. */
import { eq, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { experiment, pipeline, recurringRun, version } from "@/db/schema";
import type { Filter } from "@/server/domain/lists/filter";
import type {
  PagePosition,
  RecurringRunField,
  RecurringRunPredicate,
  RecurringRunSortKey,
} from "@/server/domain/predicates";
import { allOf, condition, contains } from "./conditions";
import { COUNT_LIMIT, type PageRequest, readPage, type SortColumn } from "./keyset";
import { recurringFilter } from "./lists/recurring-filter";

const FIELDS: { readonly [field in Exclude<RecurringRunField, "search">]: SQL } = {
  id: sql`${recurringRun.id}`,
  name: sql`${recurringRun.name}`,
  description: sql`${recurringRun.description}`,
  createdSecond: sql`(${recurringRun.createdAt} / 1000)`,
  updatedSecond: sql`(${recurringRun.updatedAt} / 1000)`,
  enabled: sql`${recurringRun.isEnabled}`,
  experimentId: sql`(select e.id from ${experiment} e where e.key = ${recurringRun.experimentKey})`,
  pipelineId: sql`(select p.id from ${pipeline} p where p.key = ${recurringRun.pipelineKey})`,
};

const SORTS: { readonly [sort in RecurringRunSortKey]: SortColumn } = {
  name: { by: sql`${recurringRun.name} collate nocase`, nullable: false },
  created: { by: sql`${recurringRun.createdAt}`, nullable: false },
  updated: { by: sql`${recurringRun.updatedAt}`, nullable: false },
  next: { by: sql`iif(${recurringRun.isEnabled}, ${recurringRun.nextAt}, null)`, nullable: true },
  description: { by: sql`${recurringRun.description} collate nocase`, nullable: false },
  id: { by: sql`${recurringRun.id}`, nullable: false },
};

/** The row with what it names; deleted ones are told too, because Kubeflow leaves such references dangling. */
function selectRecurringRuns(db: Executor, sortValue: SQL<string | number | null>) {
  return db
    .select({
      key: recurringRun.key,
      row: recurringRun,
      pipelineId: pipeline.id,
      pipelineName: pipeline.displayName,
      versionId: version.id,
      versionNumber: version.number,
      versionDeletedAt: version.deletedAt,
      experimentId: experiment.id,
      experimentName: experiment.name,
      sortValue,
    })
    .from(recurringRun)
    .leftJoin(pipeline, eq(pipeline.key, recurringRun.pipelineKey))
    .leftJoin(version, eq(version.key, recurringRun.versionKey))
    .leftJoin(experiment, eq(experiment.key, recurringRun.experimentKey));
}

export type RecurringRunRow = ReturnType<ReturnType<typeof selectRecurringRuns>["all"]>[number];

function recurringCondition(predicate: RecurringRunPredicate): SQL {
  const { field } = predicate;
  if (field === "search") {
    const text = predicate.operation === "contains" ? predicate.value : "";
    return sql`(${contains(FIELDS.name, text)} or ${recurringRun.id} = ${text})`;
  }
  if (field === "experimentId" && predicate.operation === "eq") {
    return sql`${recurringRun.experimentKey} = (select e.key from ${experiment} e where e.id = ${predicate.value})`;
  }
  return condition(FIELDS[field], predicate);
}

/** Which recurring runs are meant: all predicates hold, and the filter where there is one. */
export interface RecurringChoice {
  readonly predicates: readonly RecurringRunPredicate[];
  /** What a person built; moments in it are told from `nowMs`. */
  readonly filter?: { readonly tree: Filter; readonly nowMs: number } | undefined;
}

const matching = ({ predicates, filter }: RecurringChoice): SQL =>
  allOf([
    sql`${recurringRun.deletedAt} is null`,
    ...predicates.map(recurringCondition),
    ...(filter === undefined ? [] : [recurringFilter(filter.tree, filter.nowMs)]),
  ]);

/** One page of the recurring runs of a choice. */
export function listRecurringRows(
  db: Executor,
  request: PageRequest & RecurringChoice & { readonly sort: RecurringRunSortKey },
): { rows: RecurringRunRow[]; next: PagePosition | null } {
  const column = SORTS[request.sort];
  const matches = matching(request);
  return readPage(column, sql`${recurringRun.key}`, request, ({ where, order, limit }) =>
    selectRecurringRuns(db, sql<string | number | null>`${column.by}`)
      .where(sql`${matches} and ${where}`)
      .orderBy(order)
      .limit(limit)
      .all(),
  );
}

/** How many recurring runs match; `exact` counts them all. */
export function countRecurringRows(db: Executor, choice: RecurringChoice, exact = false): number {
  const limit = exact ? -1 : COUNT_LIMIT + 1;
  return db.get<{ count: number }>(
    sql`select count(*) as count from (select 1 from ${recurringRun} where ${matching(choice)} limit ${limit})`,
  ).count;
}

/** The recurring run with this id; a deleted one only when that is asked for. */
export const findRecurringRow = (db: Executor, id: string, isDeletedToo = false): RecurringRunRow | undefined =>
  selectRecurringRuns(db, sql`null`)
    .where(sql`${recurringRun.id} = ${id} and (${isDeletedToo ? 1 : 0} or ${recurringRun.deletedAt} is null)`)
    .get();

/** Those that are due next, the soonest first: by the index that the engine looks into. */
export const upcomingRows = (db: Executor, most: number): RecurringRunRow[] =>
  selectRecurringRuns(db, sql`null`)
    .where(
      sql`${recurringRun.isEnabled} = 1 and ${recurringRun.deletedAt} is null and ${recurringRun.nextAt} is not null`,
    )
    .orderBy(recurringRun.nextAt, recurringRun.key)
    .limit(most)
    .all();

/** Ids of the recurring runs of an experiment that are enabled, or that one act of archiving it has disabled. */
export function recurringRunsOf(
  db: Executor,
  experimentKey: number,
  which: { readonly enabled: true } | { readonly disabledAt: Date },
): string[] {
  const state =
    "enabled" in which
      ? sql`${recurringRun.isEnabled} = 1`
      : sql`${recurringRun.archiveDisabledAt} = ${which.disabledAt.getTime()}`;
  return db
    .select({ id: recurringRun.id })
    .from(recurringRun)
    .where(sql`${recurringRun.experimentKey} = ${experimentKey} and ${recurringRun.deletedAt} is null and ${state}`)
    .all()
    .map(({ id }) => id);
}

export type NewRecurringRun = Omit<typeof recurringRun.$inferInsert, "key" | "deletedAt">;

/** Adds a recurring run. */
export function insertRecurringRun(db: Executor, row: NewRecurringRun): void {
  db.insert(recurringRun).values(row).run();
}

export type RecurringRunChange = Partial<Omit<typeof recurringRun.$inferInsert, "key" | "id" | "createdAt">>;

/** Changes columns of a recurring run. */
export function changeRecurringRun(db: Executor, key: number, change: RecurringRunChange): void {
  db.update(recurringRun).set(change).where(eq(recurringRun.key, key)).run();
}
