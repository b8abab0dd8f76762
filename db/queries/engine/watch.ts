/** Whether another connection has committed since the last look: the cheap hint that there may be something to read. */
import Database from "better-sqlite3";

/** Watches a database file on a connection of its own, outside any transaction. */
export function watchDatabase(file: string) {
  const client = new Database(file, { readonly: true });
  const version = client.prepare("pragma data_version").pluck();
  let seen = version.get();
  return {
    /** True once after each change; a connection never sees its own commits this way. */
    hasChanged(): boolean {
      const now = version.get();
      const changed = now !== seen;
      seen = now;
      return changed;
    },
    close: () => client.close(),
  };
}
