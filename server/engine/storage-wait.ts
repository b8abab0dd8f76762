/** How long the engine waits for a database that it cannot write to: longer each time, until a turn is committed. */
import type { Log } from "@/server/platform/log";
import type { TurnEnd } from "./turn";

const BUSY_MS = { least: 2, most: 100 };
const FULL_MS = { least: 100, most: 5_000 };

export class StorageWait {
  readonly #log: Log;
  #waitMs = 0;
  #isFull = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Somebody else holds the write lock. */
  busy(): TurnEnd {
    return this.#wait(BUSY_MS);
  }

  full(): TurnEnd {
    if (!this.#isFull) {
      this.#log.error({}, "the disk is full: nothing can be recorded; going on when there is space");
    }
    this.#isFull = true;
    return this.#wait(FULL_MS);
  }

  /** A turn was committed. */
  over(): void {
    if (this.#isFull) this.#log.info({}, "there is space on the disk again; going on");
    this.#isFull = false;
    this.#waitMs = 0;
  }

  #wait({ least, most }: { readonly least: number; readonly most: number }): TurnEnd {
    this.#waitMs = Math.min(Math.max(this.#waitMs * 2, least), most);
    return { next: "later", waitMs: this.#waitMs };
  }
}
