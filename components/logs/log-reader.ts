/** Keeps a window on a log up to date: opens at the end or at a line, reads on in both directions, follows growth. */
import { countLines, findLine } from "./log-scan";
import type { LogPart, LogSource } from "./log-source";
import { appendBytes, emptyWindow, type LogWindow, prependBytes, trimWindow, windowFrom } from "./log-window";

const OPEN_BYTES = 256 * 1024;
const READ_BYTES = 512 * 1024;
/** Up to here the lines before the window are counted without being asked. */
const COUNT_FREELY = 32 * 1024 * 1024;
/** A log that ran ahead by more than this is read from its end anew instead of being caught up with. */
const CATCH_UP_BYTES = 2 * 1024 * 1024;
/** No line begins in a piece this long: the reader stops looking for one. */
const MAX_OPEN_BYTES = 4 * 1024 * 1024;

export interface LogState {
  readonly status: "opening" | "ready" | "missing" | "failed";
  readonly window: LogWindow;
  /** Bytes of the whole log, as far as known. */
  readonly size: number;
  readonly error: string | null;
  /** A place to show once its row is there: a byte of the log. */
  readonly target: number | null;
}

const INITIAL: LogState = { status: "opening", window: emptyWindow(), size: 0, error: null, target: null };

export class LogReader {
  readonly #source: LogSource;
  readonly #listeners = new Set<() => void>();
  #state: LogState = INITIAL;
  #abort = new AbortController();
  #queue: Promise<void> = Promise.resolve();
  #grownTo = 0;
  #isGrowing = false;
  /** What was told to have been added, until it is this reader's turn. */
  #added: Omit<LogPart, "size">[] = [];

  constructor(source: LogSource) {
    this.#source = source;
  }

  readonly state = (): LogState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Opens at a line (from 1), or at the end. */
  open(line: number | null): Promise<void> {
    if (this.#abort.signal.aborted) this.#abort = new AbortController();
    return this.#do(async (signal) => {
      if (line === null) return this.#openEnd(signal);
      const offset = await findLine(this.#source.stream(signal), line);
      if (offset === null) return this.#openEnd(signal);
      await this.#openAt(offset, line, signal);
    });
  }

  /** Shows the place around a byte; `line` is the number of the line that begins there, if known. */
  goTo(offset: number, line: number | null): Promise<void> {
    return this.#do(async (signal) => {
      const { window } = this.#state;
      if (offset >= window.start && offset < window.end) this.#set({ target: offset });
      else await this.#openAt(offset, line, signal);
    });
  }

  goToEnd(): Promise<void> {
    return this.#do((signal) => this.#openEnd(signal));
  }

  readEarlier(): Promise<void> {
    return this.#do(async (signal) => {
      const { window } = this.#state;
      let from = window.start;
      while (from > 0 && window.start - from < MAX_OPEN_BYTES) {
        from = Math.max(0, from - READ_BYTES);
        const part = await this.#source.read(from, window.start, signal);
        if (part === null || part.bytes.length === 0) return;
        const { window: grown, added } = prependBytes(window, part.offset, part.bytes);
        if (added === 0) continue;
        this.#set({ window: trimWindow(grown, "start").window, size: part.size });
        return;
      }
    });
  }

  readLater(): Promise<void> {
    return this.#do(async (signal) => {
      const { window, size } = this.#state;
      if (window.end >= size) return;
      this.#take(await this.#source.read(window.end, Math.min(size, window.end + READ_BYTES), signal));
    });
  }

  /**
   * The log has grown to `size` bytes, by `added` where that was told. Bytes are taken only while the end is held; what
   * is missing is read, and many reports while one read is on its way become one more.
   */
  grow(size: number, added: Omit<LogPart, "size"> | null = null): Promise<void> {
    this.#grownTo = Math.max(this.#grownTo, size);
    if (added !== null) this.#added.push(added);
    if (this.#isGrowing) return this.#queue;
    this.#isGrowing = true;
    return this.#do(async (signal) => {
      this.#isGrowing = false;
      const told = this.#added;
      this.#added = [];
      const { window, status, size: known } = this.#state;
      if (status !== "ready") return this.#openEnd(signal);
      if (this.#grownTo <= known) return;
      if (window.end < known) return this.#set({ size: this.#grownTo });
      for (const part of told) this.#take({ ...part, size: this.#grownTo });
      const { end } = this.#state.window;
      if (this.#grownTo <= end) return;
      if (this.#grownTo - end > CATCH_UP_BYTES) return this.#openEnd(signal);
      this.#take(await this.#source.read(end, this.#grownTo, signal));
    });
  }

  /** Asks whether the log has grown, for when nobody tells. */
  async poll(): Promise<void> {
    if (this.#state.status === "opening") return;
    try {
      const size = await this.#source.size(this.#abort.signal);
      if (size !== null && size > this.#state.size) await this.grow(size);
    } catch {
      // The next poll, or the stream, will tell.
    }
  }

  /** Finds out the numbers of the lines held, however long the log is. */
  async numberLines(): Promise<void> {
    const { signal } = this.#abort;
    // The window may have moved while the lines were counted: then they are counted again.
    for (let tries = 0; tries < 3 && this.#state.window.firstLine === null && !signal.aborted; tries += 1) {
      const { start } = this.#state.window;
      try {
        const lines = await countLines(this.#source.stream(signal), start);
        const { window } = this.#state;
        if (window.start === start) this.#set({ window: { ...window, firstLine: lines + 1 } });
      } catch {
        return;
      }
    }
  }

  /** Ends what is being read; `open` begins anew. */
  close(): void {
    this.#abort.abort();
  }

  /** One thing after the other: every change of the window starts from the one before. */
  #do(work: (signal: AbortSignal) => Promise<void> | void): Promise<void> {
    const { signal } = this.#abort;
    this.#queue = this.#queue.then(async () => {
      if (signal.aborted) return;
      try {
        await work(signal);
      } catch (error) {
        if (signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        this.#set({ status: this.#state.status === "ready" ? "ready" : "failed", error: message });
      }
    });
    return this.#queue;
  }

  #set(change: Partial<LogState>): void {
    this.#state = { ...this.#state, error: null, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Adds what lies beyond the end that is held; nothing where bytes between are missing. */
  #take(part: LogPart | null): void {
    const { window } = this.#state;
    if (part === null || part.offset > window.end) return;
    const bytes = part.bytes.subarray(window.end - part.offset);
    if (bytes.length === 0) return;
    const grown = appendBytes(window, bytes);
    this.#set({ window: trimWindow(grown, "end").window, size: Math.max(part.size, grown.end) });
  }

  async #openEnd(signal: AbortSignal): Promise<void> {
    let part = await this.#source.readEnd(OPEN_BYTES, signal);
    if (part === null) return this.#set({ status: "missing", window: emptyWindow(), size: 0 });
    // A cut line without an end tells nothing: read back until a line begins, within reason.
    while (part.offset > 0 && part.bytes.length < MAX_OPEN_BYTES && part.bytes.indexOf(10) < 0) {
      const longer: LogPart | null = await this.#source.readEnd(part.bytes.length * 2, signal);
      if (longer === null) break;
      part = longer;
    }
    this.#set({ status: "ready", window: windowFrom(part.offset, part.bytes), size: part.size, target: null });
    if (this.#state.window.start <= COUNT_FREELY) void this.numberLines();
  }

  async #openAt(offset: number, line: number | null, signal: AbortSignal): Promise<void> {
    const from = Math.max(0, offset - OPEN_BYTES / 2);
    const part = await this.#source.read(from, offset + OPEN_BYTES, signal);
    if (part === null) return this.#set({ status: "missing", window: emptyWindow(), size: 0 });
    const cut = offset - part.offset;
    const empty = { ...emptyWindow(offset), firstLine: offset === 0 ? 1 : line };
    const begun = appendBytes(empty, part.bytes.subarray(cut));
    const window = cut === 0 ? begun : prependBytes(begun, part.offset, part.bytes.subarray(0, cut)).window;
    this.#set({ status: "ready", window, size: part.size, target: offset });
    if (line === null && window.start <= COUNT_FREELY) void this.numberLines();
  }
}
