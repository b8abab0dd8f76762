/** Experiments: rows, lists and guarded writes. */
import { eq, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { experiment } from "@/db/schema";
import type { ExperimentField, ExperimentPredicate, ExperimentSortKey, PagePosition } from "@/server/domain/predicates";
import { allOf, condition, contains } from "./conditions";
import { COUNT_LIMIT, NOTHING, type PageRequest, readPage, type SortColumn } from "./keyset";

export type ExperimentRow = typeof experiment.$inferSelect;

const FIELDS: { readonly [field in Exclude<ExperimentField, "search">]: SQL } = {
  id: sql`${experiment.id}`,
  name: sql`${experiment.name}`,
  description: sql`${experiment.description}`,
  createdSecond: sql`(${experiment.createdAt} / 1000)`,
  lastRunSecond: sql`(coalesce(${experiment.lastRunAt}, 0) / 1000)`,
  archived: sql`(${experiment.archivedAt} is not null)`,
};

const SORTS: { readonly [sort in ExperimentSortKey]: SortColumn } = {
  name: { by: sql`${experiment.name} collate nocase`, nullable: false },
  created: { by: sql`${experiment.createdAt}`, nullable: false },
  lastRun: { by: sql`${experiment.lastRunAt}`, nullable: true },
  description: { by: sql`${experiment.description} collate nocase`, nullable: false },
  id: { by: sql`${experiment.id}`, nullable: false },
  storage: { by: sql`(${experiment.archivedAt} is null)`, nullable: false },
  nothing: NOTHING,
};

function experimentCondition(predicate: ExperimentPredicate): SQL {
  const { field } = predicate;
  if (field !== "search") return condition(FIELDS[field], predicate);
  const text = predicate.operation === "contains" ? predicate.value : "";
  return sql`(${contains(FIELDS.name, text)} or ${contains(FIELDS.description, text)})`;
}

const matching = (predicates: readonly ExperimentPredicate[]): SQL =>
  allOf([sql`${experiment.deletedAt} is null`, ...predicates.map(experimentCondition)]);

/** One page of the experiments that match every predicate. */
export function listExperimentRows(
  db: Executor,
  request: PageRequest & { readonly sort: ExperimentSortKey; readonly predicates: readonly ExperimentPredicate[] },
): { rows: ExperimentRow[]; next: PagePosition | null } {
  const column = SORTS[request.sort];
  const matches = matching(request.predicates);
  const page = readPage(column, sql`${experiment.key}`, request, ({ where, order, limit }) =>
    db
      .select({ key: experiment.key, row: experiment, sortValue: sql<string | number | null>`${column.by}` })
      .from(experiment)
      .where(sql`${matches} and ${where}`)
      .orderBy(order)
      .limit(limit)
      .all(),
  );
  return { rows: page.rows.map(({ row }) => row), next: page.next };
}

/** How many experiments match; `exact` counts them all. */
export function countExperimentRows(db: Executor, predicates: readonly ExperimentPredicate[], exact = false): number {
  const limit = exact ? -1 : COUNT_LIMIT + 1;
  return db.get<{ count: number }>(
    sql`select count(*) as count from (select 1 from ${experiment} where ${matching(predicates)} limit ${limit})`,
  ).count;
}

/** The experiment with this id; a deleted one only when asked for. */
export function findExperiment(
  db: Executor,
  id: string,
  options: { deleted?: boolean } = {},
): ExperimentRow | undefined {
  const live = options.deleted ? sql`1` : sql`${experiment.deletedAt} is null`;
  return db.select().from(experiment).where(sql`${experiment.id} = ${id} and ${live}`).get();
}

/** The experiment with this name, unless it was deleted. */
export function findExperimentByName(db: Executor, name: string): ExperimentRow | undefined {
  return db
    .select()
    .from(experiment)
    .where(sql`${experiment.name} = ${name} and ${experiment.deletedAt} is null`)
    .get();
}

/** The experiment that runs without one go to. */
export function findDefaultExperiment(db: Executor): ExperimentRow | undefined {
  return db.select().from(experiment).where(sql`${experiment.isDefault} = 1 and ${experiment.deletedAt} is null`).get();
}

export type NewExperiment = Pick<ExperimentRow, "id" | "name" | "description" | "isDefault" | "createdAt">;

/** Adds an experiment and returns its row. */
export function insertExperiment(db: Executor, row: NewExperiment): ExperimentRow {
  return db.insert(experiment).values(row).returning().get();
}

/** Sets or clears the moment an experiment was archived. */
export function setExperimentArchived(db: Executor, key: number, archivedAt: Date | null): void {
  db.update(experiment).set({ archivedAt }).where(eq(experiment.key, key)).run();
}

/** Soft deletion and its undoing. */
export function setExperimentDeleted(db: Executor, key: number, deletedAt: Date | null): void {
  db.update(experiment).set({ deletedAt }).where(eq(experiment.key, key)).run();
}

/** Sets or clears the run that the others of an experiment are measured against. */
export function setExperimentBaseline(db: Executor, key: number, baselineRunKey: number | null): void {
  db.update(experiment).set({ baselineRunKey }).where(eq(experiment.key, key)).run();
}
