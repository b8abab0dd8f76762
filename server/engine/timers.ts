/** The moments at which something is due by itself: time limits of steps and runs, and further tries. Counted from rows. */
import type { EngineQueries } from "@/db/queries/engine";

export class Timers {
  readonly #queries: EngineQueries;
  #nextMs: number;

  constructor(queries: EngineQueries) {
    this.#queries = queries;
    // Nobody has looked yet: something may be due at once.
    this.#nextMs = 0;
  }

  /** The next of them as last read, infinite when there is none. */
  get nextMs(): number {
    return this.#nextMs;
  }

  isDue(nowMs: number): boolean {
    return nowMs >= this.#nextMs;
  }

  /** Has everything looked at again, after a turn that was undone. */
  forget(): void {
    this.#nextMs = 0;
  }

  /** Looks again when the next moment is; after a turn that has set one, and after one that was due. */
  learn(nowMs: number): void {
    const { tasks, attempts, runs } = this.#queries;
    const moments = [tasks.nextRetry(), attempts.nextDeadline(), runs.nextDeadline(nowMs)];
    this.#nextMs = Math.min(...moments.map((at) => at ?? Number.POSITIVE_INFINITY));
  }
}
