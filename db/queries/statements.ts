/** Statements prepared once for a connection, for the few paths where building them each time is what takes the time. */
import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/client";

/** Makes a lookup of the statements that `prepare` makes, one set for each database. */
export function preparedFor<T>(prepare: (db: Db) => T): (db: Db) => T {
  const known = new WeakMap<Db, T>();
  return (db) => {
    const found = known.get(db);
    if (found !== undefined) return found;
    const made = prepare(db);
    known.set(db, made);
    return made;
  };
}

/** Keys as one bound value, so that a statement is the same for any number of them; `keyList` makes the value. */
export const amongKeys = (column: SQL): SQL =>
  sql`${column} in (select value from json_each(${sql.placeholder("keys")}))`;

/** The value for `amongKeys`. */
export const keyList = (keys: readonly number[]): { readonly keys: string } => ({ keys: JSON.stringify(keys) });
