/** Statements prepared once for a connection, for the few paths where building them each time is what takes the time. */
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
