/** Finds runs, pipelines and experiments by id, by the beginning of one, and by name. */
import { desc, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { experiment, pipeline, run } from "@/db/schema";
import type { ReferenceNoun } from "@/server/domain/references";

export interface ReferenceRow {
  readonly id: string;
  readonly name: string;
  readonly state: string | null;
  readonly createdAt: Date;
}

interface Noun {
  readonly table: typeof run | typeof pipeline | typeof experiment;
  readonly name: SQL<string>;
  readonly state: SQL<string | null>;
}

const NOUNS: { readonly [noun in ReferenceNoun]: Noun } = {
  run: { table: run, name: sql`${run.name}`, state: sql`${run.state}` },
  pipeline: { table: pipeline, name: sql`${pipeline.displayName}`, state: sql`null` },
  experiment: { table: experiment, name: sql`${experiment.name}`, state: sql`null` },
};

/** Greater than every character of an id. */
const AFTER_IDS = "\u{10ffff}";

/** How a text means a row. */
export type ReferenceWay = "id" | "beginning" | "name";

/** The newest rows that `text` means in this way, at most `limit`; deleted ones only where they are wanted. */
export function referenceRows(
  db: Executor,
  noun: ReferenceNoun,
  way: ReferenceWay,
  text: string,
  options: { readonly deleted: boolean; readonly limit: number },
): ReferenceRow[] {
  const { table, name, state } = NOUNS[noun];
  const ways: { readonly [way in ReferenceWay]: SQL } = {
    id: sql`${table.id} = ${text}`,
    beginning: sql`${table.id} >= ${text} and ${table.id} < ${text + AFTER_IDS}`,
    // Said both ways, because the index of names does not tell cases apart.
    name: sql`${name} collate nocase = ${text} and ${name} = ${text}`,
  };
  const shown = options.deleted ? sql`1` : sql`${table.deletedAt} is null`;
  return db
    .select({ id: table.id, name, state, createdAt: table.createdAt })
    .from(table)
    .where(sql`${ways[way]} and ${shown}`)
    .orderBy(desc(table.createdAt), desc(table.key))
    .limit(options.limit)
    .all();
}
