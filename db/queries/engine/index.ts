/** Every statement of the engine, prepared once for its connection. */
import type { Db } from "@/db/client";
import { attemptQueries } from "./attempts";
import { cacheQueries } from "./cache";
import { clockQueries } from "./clock";
import { eventQueries } from "./events";
import { queueQueries } from "./queue";
import { recurringQueries } from "./recurring";
import { retryQueries } from "./retries";
import { runQueries } from "./runs";
import { taskQueries } from "./tasks";
import { valueQueries } from "./values";

/** The engine's statements, by what they speak of. */
export function engineQueries(db: Db) {
  return {
    runs: runQueries(db),
    tasks: taskQueries(db),
    attempts: attemptQueries(db),
    values: valueQueries(db),
    events: eventQueries(db),
    cache: cacheQueries(db),
    queue: queueQueries(db),
    retries: retryQueries(db),
    recurring: recurringQueries(db),
    clock: clockQueries(db),
  };
}

export type EngineQueries = ReturnType<typeof engineQueries>;
