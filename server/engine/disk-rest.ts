/** Lets claiming rest after a step found the disk full, and tries one step at a time until one has room. */
import type { Log } from "@/server/platform/log";
import type { News } from "./attempt-desk";

const LEAST_REST_MS = 500;
const MOST_REST_MS = 10_000;

/** Whether a step could not start because there was no room for it. */
const isForWantOfSpace = (news: News): boolean => news.what === "refused" && news.isDiskFull;

export class DiskRest {
  readonly #log: Log;
  #sinceMs = 0;
  /** 0 = there is room. */
  #restMs = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** How many steps may be started now at most. */
  most(nowMs: number): number {
    if (this.#restMs === 0) return Number.POSITIVE_INFINITY;
    return this.isOver(nowMs) ? 1 : 0;
  }

  /** Whether it is time to try again. A clock that was set back does not make the rest longer. */
  isOver(nowMs: number): boolean {
    return this.#restMs > 0 && (nowMs >= this.#sinceMs + this.#restMs || nowMs < this.#sinceMs);
  }

  /** Takes in the news before steps are claimed. */
  learn(nowMs: number, news: readonly News[]): void {
    if (news.some(isForWantOfSpace)) {
      if (this.#restMs === 0) this.#log.warn({}, "the disk is full; steps wait until there is space");
      this.#restMs = Math.min(Math.max(this.#restMs * 2, LEAST_REST_MS), MOST_REST_MS);
      this.#sinceMs = nowMs;
    } else if (this.#restMs > 0 && news.some((one) => one.what === "began" || one.what === "ended")) {
      this.#log.info({}, "there is space on the disk again; steps start as before");
      this.#restMs = 0;
    }
  }

  /** A step was tried, or none waited: the outcome is to be known before the next try. */
  tried(nowMs: number): void {
    if (this.isOver(nowMs)) this.#sinceMs = nowMs;
  }
}
