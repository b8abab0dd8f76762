/** Deleted pipelines, versions and experiments: what the trash holds of them, which may go, and their removal. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { DefinitionKind } from "@/server/domain/retention";

export interface TrashedDefinition {
  readonly kind: DefinitionKind;
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly deletedAtMs: number;
  /** Runs or recurring runs still belong to it. */
  readonly isHeld: 0 | 1;
}

interface Source {
  readonly from: SQL;
  readonly name: SQL;
  readonly held: SQL;
}

const OF_VERSION = (key: SQL): SQL => sql`exists (select 1 from run r where r.version_key = ${key})
  or exists (select 1 from recurring_run c where c.version_key = ${key})`;

/** Two questions instead of one, because the index of runs by experiment knows those that are not deleted alone. */
const OF_EXPERIMENT = sql`exists (select 1 from run r where r.experiment_key = x.key and r.deleted_at is null)
  or exists (select 1 from run r where r.deleted_at is not null and r.experiment_key = x.key)
  or exists (select 1 from recurring_run c where c.experiment_key = x.key)`;

const SOURCES: { readonly [kind in DefinitionKind]: Source } = {
  pipeline: {
    from: sql`pipeline x where x.deleted_at is not null`,
    name: sql`x.display_name`,
    held: sql`exists (select 1 from version v where v.pipeline_key = x.key and (${OF_VERSION(sql`v.key`)}))
      or exists (select 1 from recurring_run c where c.pipeline_key = x.key)`,
  },
  // One whose pipeline is in the trash goes and comes back with that.
  version: {
    from: sql`version x join pipeline p on p.key = x.pipeline_key
      where x.deleted_at is not null and p.deleted_at is null`,
    name: sql`p.display_name || ' v' || x.number`,
    held: OF_VERSION(sql`x.key`),
  },
  experiment: {
    from: sql`experiment x where x.deleted_at is not null`,
    name: sql`x.name`,
    held: OF_EXPERIMENT,
  },
};

const selected = (kind: DefinitionKind): SQL => {
  const { from, name, held } = SOURCES[kind];
  return sql`select ${kind} as kind, x.key, x.id, ${name} as name, x.deleted_at as deletedAtMs, (${held}) as isHeld
    from ${from}`;
};

/** What of one kind is in the trash, deleted last first. */
export const trashedDefinitions = (db: Executor, kind: DefinitionKind, limit: number): TrashedDefinition[] =>
  db.all<TrashedDefinition>(sql`${selected(kind)} order by x.deleted_at desc, x.key desc limit ${limit}`);

/** Those that were deleted before a moment and may go. */
export const definitionsToPurge = (
  db: Executor,
  kind: DefinitionKind,
  deletedBeforeMs: number,
  limit: number,
): TrashedDefinition[] =>
  db.all<TrashedDefinition>(
    sql`${selected(kind)} and x.deleted_at < ${deletedBeforeMs} and not (${SOURCES[kind].held})
      order by x.deleted_at, x.key limit ${limit}`,
  );

/** One by its id, if it is in the trash and may go. */
export const purgeableDefinition = (db: Executor, kind: DefinitionKind, id: string): TrashedDefinition | undefined =>
  db.get<TrashedDefinition | undefined>(sql`${selected(kind)} and x.id = ${id} and not (${SOURCES[kind].held})`);

const OWN_VERSIONS: { readonly [kind in DefinitionKind]: SQL } = {
  pipeline: sql`pipeline_key`,
  version: sql`key`,
  experiment: sql`null`,
};

/** Removes the rows for good; answers the digests of files that no version names any more. */
export function purgeDefinition(db: Executor, { kind, key }: Pick<TrashedDefinition, "kind" | "key">): string[] {
  const versions = sql`(select key from version where ${OWN_VERSIONS[kind]} = ${key})`;
  const files = db.all<{ digest: string }>(
    sql`select distinct digest from version_file where version_key in ${versions}`,
  );
  if (kind !== "experiment") db.run(sql`delete from version where key in ${versions}`);
  if (kind === "pipeline") db.run(sql`delete from pipeline where key = ${key} and deleted_at is not null`);
  if (kind === "experiment") db.run(sql`delete from experiment where key = ${key} and deleted_at is not null`);
  return files.flatMap(({ digest }) =>
    db.run(sql`delete from blob where digest = ${digest}
      and not exists (select 1 from version_file f where f.digest = ${digest})`).changes === 0
      ? []
      : [digest],
  );
}
