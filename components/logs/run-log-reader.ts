/** Keeps a part of the log of all steps: opens at its end or at a line, reads on in both directions, follows what is added. */
import { comparePlaces, type LogPlace } from "@/server/domain/run-log";
import type { RunLogLine, RunLogView } from "@/server/domain/views/run-log";

type Direction = "earlier" | "later";

export type ReadRunLog = (cursor: LogPlace | null, direction: Direction) => Promise<RunLogView>;

export interface RunLogState {
  readonly status: "opening" | "ready" | "failed";
  readonly lines: readonly RunLogLine[];
  readonly hasEarlier: boolean;
  readonly hasLater: boolean;
  readonly error: unknown;
}

/** More lines than these are let go of at the far end. */
const MOST_LINES = 20_000;

const INITIAL: RunLogState = { status: "opening", lines: [], hasEarlier: false, hasLater: false, error: null };

const placeOf = ({ at, attempt, offset }: LogPlace): LogPlace => ({ at, attempt, offset });

/** `at` as it stands in an address, and back; null for what is none. */
export const placeText = ({ at, attempt, offset }: LogPlace): string => `${at}.${attempt}.${offset}`;
export function readPlace(text: string | null): LogPlace | null {
  const match = /^(\d{1,15})\.(\d{1,15})\.(\d{1,15})$/.exec(text ?? "");
  return match === null ? null : { at: Number(match[1]), attempt: Number(match[2]), offset: Number(match[3]) };
}

export class RunLogReader {
  readonly #read: ReadRunLog;
  readonly #listeners = new Set<() => void>();
  #state = INITIAL;
  #isReading = false;

  constructor(read: ReadRunLog) {
    this.#read = read;
  }

  readonly state = (): RunLogState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Opens with this line in the middle, or at the end. */
  open(place: LogPlace | null): Promise<void> {
    return this.#once(async () => {
      const cursor = place === null ? null : { ...place, offset: place.offset - 1 };
      const first = await this.#read(cursor, place === null ? "earlier" : "later");
      const [line] = first.lines;
      const before = place === null || line === undefined ? null : await this.#read(placeOf(line), "earlier");
      this.#set({
        status: "ready",
        lines: [...(before?.lines ?? []), ...first.lines],
        hasEarlier: before === null ? first.hasMore : before.hasMore,
        hasLater: place !== null && first.hasMore,
      });
    });
  }

  earlier(): Promise<void> {
    const [first] = this.#state.lines;
    if (first === undefined || !this.#state.hasEarlier) return Promise.resolve();
    return this.#once(async () => {
      const page = await this.#read(placeOf(first), "earlier");
      const lines = [...page.lines, ...this.#state.lines];
      const isFull = lines.length > MOST_LINES;
      this.#set({
        lines: isFull ? lines.slice(0, MOST_LINES) : lines,
        hasEarlier: page.hasMore,
        ...(isFull && { hasLater: true }),
      });
    });
  }

  /** Reads what follows: a part that is known to be there, or what was added since. */
  later(): Promise<void> {
    return this.#once(async () => {
      const last = this.#state.lines.at(-1);
      const page = await this.#read(last === undefined ? null : placeOf(last), "later");
      const fresh = page.lines.filter((line) => last === undefined || comparePlaces(line, last) > 0);
      if (fresh.length === 0 && page.hasMore === this.#state.hasLater) return;
      const lines = [...this.#state.lines, ...fresh];
      const isFull = lines.length > MOST_LINES;
      this.#set({
        lines: isFull ? lines.slice(-MOST_LINES) : lines,
        hasLater: page.hasMore,
        ...(isFull && { hasEarlier: true }),
      });
    });
  }

  async #once(work: () => Promise<void>): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      await work();
    } catch (error) {
      this.#set(this.#state.status === "ready" ? { error } : { error, status: "failed" });
    } finally {
      this.#isReading = false;
    }
  }

  #set(change: Partial<RunLogState>): void {
    this.#state = { ...this.#state, error: null, ...change };
    for (const listener of this.#listeners) listener();
  }
}
