/** Opens the database: one handle per file and process, WAL, durable commits, and writes that wait without blocking. */
import { type BetterSQLite3Database, drizzle } from "drizzle-orm/better-sqlite3";
import { ProblemError } from "@/server/domain/problem-error";
import * as schema from "./schema";
import { Sqlite, type SqliteConnection } from "./sqlite";
import { storageTrouble, type Trouble } from "./storage-trouble";

export type Db = BetterSQLite3Database<typeof schema> & { $client: SqliteConnection };
/** What queries take: the database or a transaction on it. */
export type Executor = Pick<Db, "select" | "insert" | "update" | "delete" | "all" | "get" | "run">;

/** How long SQLite itself may block the event loop for a foreign lock; longer waits are asynchronous. */
const BUSY_TIMEOUT_MS = 20;
const WRITE_DEADLINE_MS = 30_000;

/** Opens `file` (or `:memory:`) without looking at its schema. The caller closes it. */
export function openDatabase(file: string, options: { readonly?: boolean } = {}): Db {
  const client = new Sqlite(file, { readonly: options.readonly ?? false, timeout: BUSY_TIMEOUT_MS });
  if (!options.readonly) {
    client.pragma("journal_mode = WAL");
    client.pragma("synchronous = FULL");
  }
  client.pragma("foreign_keys = ON");
  client.pragma("cache_size = -4000");
  client.pragma("temp_store = MEMORY");
  return drizzle({ client, schema });
}

const REFUSALS: { readonly [trouble in Trouble]: string | null } = {
  full: "The disk of the data directory is full, so nothing was stored. Make room on it, then try again.",
  busy: "The database has been locked by another program for too long, so nothing was stored. Try again later.",
  fatal: null,
};

/**
 * Runs `work` in one immediate transaction and returns its answer. While another process holds the write lock it
 * waits without blocking, up to 30 s. A full disk and a lock that outlasts the wait are an `unavailable` ProblemError.
 * `work` must be synchronous.
 */
export async function transact<T>(db: Db, work: (tx: Db) => T): Promise<T> {
  const deadline = Date.now() + WRITE_DEADLINE_MS;
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    try {
      return transactNow(db, work);
    } catch (error) {
      const trouble = storageTrouble(error);
      if (trouble !== "busy" || Date.now() > deadline) {
        const refusal = trouble === null ? null : REFUSALS[trouble];
        throw refusal === null ? error : new ProblemError("unavailable", refusal);
      }
      await new Promise((resume) => setTimeout(resume, pauseMs));
    }
  }
}

/** The same without waiting: throws SQLITE_BUSY when another process holds the write lock. */
export function transactNow<T>(db: Db, work: (tx: Db) => T): T {
  return db.$client.transaction(() => work(db)).immediate();
}
