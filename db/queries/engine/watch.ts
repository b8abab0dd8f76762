/** Whether another connection has committed since the last look: the cheap hint that there may be something to read. */
import { Sqlite } from "@/db/sqlite";

/** Watches a database file on a connection of its own, outside any transaction. */
export function watchDatabase(file: string) {
  const client = new Sqlite(file, { readonly: true });
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
