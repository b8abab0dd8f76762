/** Reopens a run that is over when a retry was asked for: its tasks go back to pending, and it goes on as any other. */
import type { EngineQueries } from "@/db/queries/engine";
import type { RunRow } from "@/db/queries/engine/runs";
import { storageTrouble } from "@/db/storage-trouble";
import { WAITING_FOR_ROOM } from "@/server/domain/planning/reasons";
import { type Reopening, tasksToReopen } from "@/server/domain/planning/reopen";
import { hasAllTasks } from "@/server/domain/planning/taken-over";
import { isRunOver, RUN_RETRY_MOVES, type RunState, TASK_RETRY_MOVES } from "@/server/domain/states";
import type { RunCache } from "./run-cache";
import type { Turn } from "./turn";

interface Found {
  readonly reopening: Reopening;
  readonly to: RunState;
}

export class Retries {
  readonly #queries: EngineQueries;
  readonly #cache: RunCache;

  constructor(queries: EngineQueries, cache: RunCache) {
    this.#queries = queries;
    this.#cache = cache;
  }

  /** Follows the intent to retry a run, if there is one; a run that cannot be reopened stays over and says why. */
  begin(turn: Turn, runKey: number): void {
    const { runs, retries } = this.#queries;
    const row = runs.find(runKey);
    if (row === undefined || row.retryRequestedAtMs === null) return;
    const found = this.#find(row);
    if (typeof found === "string") {
      retries.drop(runKey);
      runs.addNotice(runKey, "retry-refused", `The run was not retried: ${found}.`, null);
      this.#queries.events.insert(turn.nowMs, row.id, "state", { state: row.state });
      return;
    }
    this.#reopen(turn, row, found);
  }

  /** What is to be reopened, or why nothing can be. */
  #find(row: RunRow): Found | string {
    if (!isRunOver(row.state)) return `it is ${row.state}`;
    if (this.#queries.attempts.liveOfRun(row.key).length > 0) return "some of its steps are still ending; try again";
    try {
      const tasks = this.#queries.tasks.list(row.key);
      const { index } = this.#cache.partOf(row, tasks);
      const reopening = tasksToReopen(tasks, index);
      const stuck = tasks.find(
        ({ key, state }) => reopening.tasks.has(key) && !TASK_RETRY_MOVES[state].includes("pending"),
      );
      if (stuck !== undefined) return `task ${stuck.path} is ${stuck.state}`;
      // A run that was ended before every step had its task goes on making them, which pending ones do.
      const hasBegun = row.startedAtMs !== null && hasAllTasks(index, tasks);
      const to = hasBegun ? "running" : "pending";
      return RUN_RETRY_MOVES[row.state].includes(to) ? { reopening, to } : `it ${row.state}`;
    } catch (error) {
      if (storageTrouble(error) !== null) throw error;
      return error instanceof Error ? error.message : String(error);
    }
  }

  #reopen(turn: Turn, row: RunRow, { reopening, to: wanted }: Found): void {
    const { retries, runs, events, recurring } = this.#queries;
    const isHeld = row.recurringRunKey !== null && recurring.isFull(row.recurringRunKey);
    const to = isHeld ? "pending" : wanted;
    retries.reopenTasks(row.key, [...reopening.tasks.keys()]);
    if (!retries.reopenRun(row.key, row.state, to)) throw new Error(`run ${row.id} is not ${row.state} any more`);
    events.insert(turn.nowMs, row.id, "state", { state: to });
    if (isHeld) {
      runs.hold(row.key, WAITING_FOR_ROOM);
      return;
    }
    const run = this.#cache.open(row.key);
    if (run === null) throw new Error(`run ${row.id} is not open again`);
    const { timeoutMs } = run.index.graph;
    if (to === "running" && timeoutMs !== undefined) {
      runs.limit(row.key, turn.nowMs + timeoutMs);
      turn.hasTimers = true;
    }
    for (const key of reopening.tasks.keys()) run.changed.set(key, "pending");
    turn.touched.add(run);
  }
}
