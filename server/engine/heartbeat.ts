/** Tells the other processes that the engine lives, by a row every few seconds. */
import type { EngineQueries } from "@/db/queries/engine";
import { type ClockMark, NO_FIGURES } from "@/server/domain/engine-figures";
import { SelfMeasure } from "./self-measure";
import type { EngineClock } from "./steady-clock";

const HEARTBEAT_MS = 2_000;

export class Heartbeat {
  readonly #queries: EngineQueries;
  readonly #startedAtMs: number;
  readonly #slots: number;
  readonly measure: SelfMeasure;
  /** When the engine before this one was last heard of; null when none was, or by an older release. */
  readonly before: ClockMark | null;
  #beatAtMs = 0;

  constructor(queries: EngineQueries, clock: Pick<EngineClock, "now" | "mark">, slots: number) {
    this.#queries = queries;
    this.#startedAtMs = clock.now();
    this.#slots = slots;
    const figures = queries.events.figures() ?? NO_FIGURES;
    this.before = figures.clock ?? null;
    this.measure = new SelfMeasure(figures, clock.mark);
  }

  /** A clock that was set back makes it due at once. */
  isDue(nowMs: number): boolean {
    return nowMs - this.#beatAtMs >= HEARTBEAT_MS || nowMs < this.#beatAtMs;
  }

  /** Writes the row if it is due; it counts once the turn is committed. */
  beat(nowMs: number): void {
    if (this.isDue(nowMs)) this.beatNow(nowMs);
  }

  /** Writes the row whether it is due or not. */
  beatNow(nowMs: number): void {
    this.#queries.events.beat(nowMs, this.#startedAtMs, process.pid, this.#slots, this.measure.figures());
  }

  committed(nowMs: number): void {
    if (!this.isDue(nowMs)) return;
    this.#beatAtMs = nowMs;
    this.measure.stored();
  }
}
