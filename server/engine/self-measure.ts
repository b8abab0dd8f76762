/** Measures the engine itself: how long turns take, how late its loop comes, what its process holds. */
import { readdirSync } from "node:fs";
import { type ClockMark, type EngineFigures, TURN_BOUNDS } from "@/server/domain/engine-figures";

function openFiles(): number | null {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return null;
  }
}

export class SelfMeasure {
  readonly #mark: () => ClockMark;
  readonly #cpuBefore: number;
  readonly #turnsUpTo: number[];
  #turns: number;
  #turnSeconds: number;
  #lagSeconds = 0;

  /** Sums go on from those of the engine before. */
  constructor(before: EngineFigures, mark: () => ClockMark) {
    this.#mark = mark;
    this.#turns = before.turns;
    this.#turnSeconds = before.turnSeconds;
    this.#turnsUpTo = TURN_BOUNDS.map((_, at) => before.turnsUpTo[at] ?? 0);
    this.#cpuBefore = before.cpuSeconds;
  }

  /** A turn was committed. */
  turned(tookMs: number): void {
    const seconds = tookMs / 1000;
    this.#turns += 1;
    this.#turnSeconds += seconds;
    TURN_BOUNDS.forEach((bound, at) => {
      if (seconds <= bound) this.#turnsUpTo[at] = (this.#turnsUpTo[at] ?? 0) + 1;
    });
  }

  /** The loop came so much later than it had asked for. */
  late(byMs: number): void {
    this.#lagSeconds = Math.max(this.#lagSeconds, byMs / 1000);
  }

  /** The figures now; the lag begins anew once they are stored. */
  figures(): EngineFigures {
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    return {
      turns: this.#turns,
      turnSeconds: this.#turnSeconds,
      turnsUpTo: this.#turnsUpTo,
      lagSeconds: this.#lagSeconds,
      cpuSeconds: this.#cpuBefore + (user + system) / 1e6,
      residentBytes: rss,
      heapBytes: heapUsed,
      openFiles: openFiles(),
      clock: this.#mark(),
    };
  }

  stored(): void {
    this.#lagSeconds = 0;
  }
}
