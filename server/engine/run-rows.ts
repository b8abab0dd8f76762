/** Writes the rows of runs and tells of them: what a turn has changed, and the end of one that cannot go on. */
import type { EngineQueries } from "@/db/queries/engine";
import { storageTrouble } from "@/db/storage-trouble";
import { internal, RUN_CANCELED } from "@/server/domain/planning/reasons";
import { isRunOver } from "@/server/domain/states";
import { countsNow, type RunCache, type RunMemory } from "./run-cache";
import { RunTrouble, type Turn } from "./turn";

/** Above this many moved tasks an event names none, and the reader fetches the run again. */
const MAX_LISTED = 200;

export class RunRows {
  readonly #queries: EngineQueries;
  readonly #cache: RunCache;

  constructor(queries: EngineQueries, cache: RunCache) {
    this.#queries = queries;
    this.#cache = cache;
  }

  /** Writes the rows and the events of all runs that this turn has touched. */
  flush(turn: Turn): void {
    for (const run of turn.touched) {
      try {
        this.#flushRun(turn, run);
      } catch (error) {
        throw storageTrouble(error) === null ? new RunTrouble(run.row.key, error) : error;
      }
      if (!isRunOver(run.state)) continue;
      this.#cache.forget(run.row.key);
      if (run.row.recurringRunKey !== null) turn.freed.add(run.row.recurringRunKey);
    }
  }

  #flushRun(turn: Turn, run: RunMemory): void {
    const { runs, events } = this.#queries;
    const { key, id } = run.row;
    const isMoved = run.state !== run.storedState;
    if (isMoved) {
      const { reason, startedAtMs, finishedAtMs } = run;
      const move = { from: run.storedState, to: run.state, reason, startedAtMs, finishedAtMs };
      if (!runs.move(key, move, countsNow(run))) throw new Error(`run ${id} is not ${run.storedState} any more`);
      run.storedState = run.state;
    } else {
      runs.count(key, countsNow(run));
    }
    const tasks = [...run.changed].map(([task, state]) => ({ id: task, state }));
    events.insert(turn.nowMs, id, isMoved ? "state" : "tasks", {
      ...(isMoved && { state: run.state }),
      ...(tasks.length <= MAX_LISTED && { tasks }),
    });
    run.changed.clear();
  }

  /** Ends a run that the engine cannot read or go on with; what lives of it is stopped. */
  giveUp(turn: Turn, runKey: number, cause: unknown): void {
    const { runs, tasks, attempts, events } = this.#queries;
    this.#cache.forget(runKey);
    const row = runs.find(runKey);
    if (row === undefined || isRunOver(row.state)) return;
    const reason = internal(cause);
    tasks.endAll(runKey, RUN_CANCELED, turn.nowMs);
    for (const attemptKey of attempts.liveOfRun(runKey)) {
      attempts.markStopped(attemptKey, turn.nowMs, null);
      turn.effects.push({ do: "stop", attemptKey, graceMs: 0 });
    }
    const end = { from: row.state, to: "failed" as const, reason, startedAtMs: turn.nowMs, finishedAtMs: turn.nowMs };
    runs.move(runKey, end, tasks.countLeaves(runKey));
    runs.markNoticed(runKey);
    if (row.recurringRunKey !== null) turn.freed.add(row.recurringRunKey);
    events.insert(turn.nowMs, row.id, "state", { state: "failed" });
  }
}
