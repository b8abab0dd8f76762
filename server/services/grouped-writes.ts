/** Groups writes that arrive together into one commit: a durable commit costs the same for one run as for a hundred. */
import { type Db, transact } from "@/db/client";
import { ProblemError } from "@/server/domain/problem-error";

interface Waiting {
  readonly work: (tx: Db) => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

type Result = { readonly value: unknown } | { readonly error: unknown };

const queues = new WeakMap<Db, Waiting[]>();

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");

/** What to tell of an error of the disk or of the database's lock; any other stays what it is. */
function explained(error: unknown): unknown {
  const code = codeOf(error);
  if (code === "SQLITE_FULL" || code === "ENOSPC" || code === "EDQUOT") {
    return new ProblemError("unavailable", "The disk of the data directory is full. Free some space and try again.");
  }
  if (code.startsWith("SQLITE_BUSY")) {
    return new ProblemError("unavailable", "The database is held by another program. Close that one and try again.");
  }
  return error;
}

/** Runs each work in a savepoint of its own, so that one that fails takes nothing of the others with it. */
function runAll(tx: Db, batch: readonly Waiting[]): Result[] {
  return batch.map(({ work }) => {
    try {
      return { value: tx.$client.transaction(() => work(tx))() };
    } catch (error) {
      return { error };
    }
  });
}

async function flush(db: Db, batch: readonly Waiting[]): Promise<void> {
  try {
    const results = await transact(db, (tx) => runAll(tx, batch));
    batch.forEach(({ resolve, reject }, index) => {
      const result = results[index];
      if (result !== undefined && "value" in result) resolve(result.value as never);
      else reject(explained(result?.error));
    });
  } catch (error) {
    for (const { reject } of batch) reject(explained(error));
  }
}

/** Runs `work` in a transaction shared with whatever else was asked for in this turn; resolves once it is durable. */
export function write<T>(db: Db, work: (tx: Db) => T): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const waiting = queues.get(db);
    const entry: Waiting = { work, resolve: resolve as Waiting["resolve"], reject };
    if (waiting !== undefined) {
      waiting.push(entry);
      return;
    }
    const batch = [entry];
    queues.set(db, batch);
    setImmediate(() => {
      queues.delete(db);
      flush(db, batch).catch(reject);
    });
  });
}
