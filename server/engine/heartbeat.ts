/** Tells the other processes that the engine lives, by a row every few seconds. */
import type { EngineQueries } from "@/db/queries/engine";
import { NO_FIGURES } from "@/server/domain/engine-figures";
import { SelfMeasure } from "./self-measure";

const HEARTBEAT_MS = 2_000;

export class Heartbeat {
  readonly #queries: EngineQueries;
  readonly #startedAtMs: number;
  readonly #slots: number;
  readonly measure: SelfMeasure;
  #beatAtMs = 0;

  constructor(queries: EngineQueries, startedAtMs: number, slots: number) {
    this.#queries = queries;
    this.#startedAtMs = startedAtMs;
    this.#slots = slots;
    this.measure = new SelfMeasure(queries.events.figures() ?? NO_FIGURES);
  }

  /** A clock that was set back makes it due at once. */
  isDue(nowMs: number): boolean {
    return nowMs - this.#beatAtMs >= HEARTBEAT_MS || nowMs < this.#beatAtMs;
  }

  /** Writes the row if it is due; it counts once the turn is committed. */
  beat(nowMs: number): void {
    if (!this.isDue(nowMs)) return;
    this.#queries.events.beat(nowMs, this.#startedAtMs, process.pid, this.#slots, this.measure.figures());
  }

  committed(nowMs: number): void {
    if (!this.isDue(nowMs)) return;
    this.#beatAtMs = nowMs;
    this.measure.stored();
  }
}
