/** Groups writes that arrive together into one commit: a durable commit costs the same for one run as for a hundred. */
import { type Db, transact } from "@/db/client";

interface Waiting {
  readonly work: (tx: Db) => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

type Result = { readonly value: unknown } | { readonly error: unknown };

const queues = new WeakMap<Db, Waiting[]>();

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
      else reject(result?.error);
    });
  } catch (error) {
    for (const { reject } of batch) reject(error);
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
