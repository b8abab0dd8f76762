/** What an error of the database means: wait, wait for space, end the process, or a fault of its own. */
import { Sqlite } from "./sqlite";

export type Trouble = "busy" | "full" | "fatal";

/** Kind of a storage error, null when it is none (a constraint, a bug). */
export function storageTrouble(error: unknown): Trouble | null {
  if (!(error instanceof Sqlite.SqliteError)) return null;
  const { code } = error;
  if (code.startsWith("SQLITE_BUSY") || code === "SQLITE_LOCKED") return "busy";
  // Growing the shared memory file fails with its own code when the disk is full.
  if (code === "SQLITE_FULL" || code === "SQLITE_IOERR_SHMSIZE") return "full";
  const isFatal = /^SQLITE_(IOERR|CORRUPT|NOTADB|READONLY|CANTOPEN)/.test(code);
  return isFatal ? "fatal" : null;
}
