/**
 * The SQLite driver that fits this Node. Node 22 and later take the one with ready binaries inside the package (it needs
 * Node-API 10). Node 20 takes the older one, which has to be built and which aborts in Node 24.19 and later.
 */
import built from "better-sqlite3";
import ready from "better-sqlite3-napi";

const READY_NODE_API = 10;

/** Opens SQLite files; both drivers have the same interface, and neither loads its binary before it is used. */
export const Sqlite: typeof built = Number(process.versions.napi) >= READY_NODE_API ? ready : built;
/** A connection. */
export type SqliteConnection = built.Database;
