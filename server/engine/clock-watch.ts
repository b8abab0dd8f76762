/** Keeps durations true when the machine's clock jumps: what is open is moved along, so that it began as long ago as before. */
import type { EngineQueries } from "@/db/queries/engine";
import type { Log } from "@/server/platform/log";
import type { AttemptDesk } from "./attempt-desk";
import type { Heartbeat } from "./heartbeat";
import { type EngineClock, jumpSince } from "./steady-clock";

export interface ClockWatchParts {
  readonly clock: EngineClock;
  readonly desk: AttemptDesk;
  readonly heartbeat: Heartbeat;
  readonly log: Log;
  /** Drops what was read of rows. */
  readonly forget: () => void;
}

export class ClockWatch {
  readonly #queries: EngineQueries;
  readonly #parts: ClockWatchParts;
  /** By how much the clock has jumped since the open rows were last moved. */
  #owedMs = 0;

  constructor(queries: EngineQueries, parts: ClockWatchParts) {
    this.#queries = queries;
    this.#parts = parts;
  }

  /** Whether rows are to be moved. */
  get isDue(): boolean {
    return this.#owedMs !== 0;
  }

  /** Compares with the last sign of life of the engine before, once its attempts were taken over. */
  takeOver(): void {
    const { clock, heartbeat } = this.#parts;
    this.#note(jumpSince(heartbeat.before, clock.mark()));
  }

  /** Goes by the machine's clock again where that has jumped, or has gone on while the machine slept. */
  look(): void {
    const { clock } = this.#parts;
    const change = clock.look();
    if (change === null) return;
    clock.follow(change);
    this.#note(change.jumpMs);
  }

  /** Moves the rows, first of all in a turn. True when it has. */
  moveAlong(nowMs: number): boolean {
    if (!this.isDue) return false;
    this.#queries.clock.moveOpen(this.#owedMs, nowMs);
    // The next engine goes by the sign of life: in the same commit, or it would move everything once more.
    this.#parts.heartbeat.beatNow(nowMs);
    return true;
  }

  committed(): void {
    this.#owedMs = 0;
  }

  #note(byMs: number): void {
    if (byMs === 0) return;
    const { desk, log, forget } = this.#parts;
    log.warn({ byMs }, "the machine's clock has jumped; what is open is moved along with it");
    this.#owedMs += byMs;
    desk.moveAlong(byMs);
    forget();
  }
}
