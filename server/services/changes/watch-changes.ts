/** One listener's stream of changes: what it missed first, then what happens, never more than a bounded number waiting. */
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { eventSpan, eventsAfter } from "@/db/queries/events";
import { findTask } from "@/db/queries/task-rows";
import type { ChangeView, LogGrowth } from "@/server/domain/views/changes";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { maskedBytes } from "@/server/platform/masked-bytes";
import { openBelow } from "@/server/platform/open-file";
import type { Context } from "../context";
import { attemptLogPlace } from "../files/places";
import { secretMasker } from "../secrets/masker";
import { type GrowthReader, joinedGrowth, watchGrowth } from "./log-growth";
import { type LogTopic, readTopics } from "./topics";

/** A listener that lags this far behind is told to fetch again instead. */
const MAX_WAITING = 1_000;
/** Missed events that are replayed; beyond, fetching again is cheaper. */
const MAX_BACKLOG = 2_000;

export interface WatchOptions {
  readonly topics: readonly string[];
  /** Last event the listener has seen; null for one that has just fetched what it shows. */
  readonly after: number | null;
  readonly signal: AbortSignal;
}

const systemChange = (id: number, kind: "ready" | "reset"): ChangeView => ({
  id,
  topic: "system",
  subject: null,
  kind,
});

/**
 * Yields changes until the signal aborts. The first one is `ready`, which carries the id to resume from; `reset` says
 * that changes were lost to the listener (too old, or too many at once) and that it has to fetch what it shows.
 */
export async function* watchChanges(context: Context, options: WatchOptions): AsyncGenerator<ChangeView> {
  const { signal } = options;
  const { wants, logs } = readTopics(options.topics);
  const inbox = new Inbox(signal);
  const stops = [
    context.feed.listen((change) => {
      if (wants(change)) inbox.put(change);
    }),
  ];
  try {
    const from = context.feed.position;
    for (const log of logs) stops.push(followLog(context, log, inbox));
    yield* backlog(context, options.after, from, wants);
    yield systemChange(from, "ready");
    for (;;) {
      const changes = await inbox.take();
      if (changes === null) return;
      if (changes.isOverrun) yield systemChange(context.feed.position, "reset");
      yield* changes.items;
    }
  } finally {
    for (const stop of stops) stop();
  }
}

function* backlog(
  context: Context,
  after: number | null,
  upTo: number,
  wants: (change: ChangeView) => boolean,
): Generator<ChangeView> {
  if (after === null || after === upTo) return;
  const isKept = after < upTo && after >= eventSpan(context.db).oldest - 1;
  const missed = isKept && upTo - after <= MAX_BACKLOG ? eventsAfter(context.db, after, MAX_BACKLOG) : null;
  if (missed === null) {
    yield systemChange(upTo, "reset");
    return;
  }
  for (const change of missed) if (change.id <= upTo && wants(change)) yield change;
}

/** Log growth is not in the event table; it borrows the id of the newest event, so that resuming stays right. */
function followLog(context: Context, { task, attempt }: LogTopic, inbox: Inbox): () => void {
  const row = findTask(context.db, task);
  if (row === undefined) return () => undefined;
  const folder = context.dataDir.attempt(row.runKey, task, attempt);
  let size = 0;
  const grown = (growth: LogGrowth): void => {
    size = growth.size;
    const log = { task, attempt, ...growth };
    inbox.put({ id: context.feed.position, topic: "log", subject: row.runId, kind: "grown", log });
  };
  // The cells of a notebook change with its events, also where nothing is printed.
  const stops = [
    watchGrowth(join(folder, ATTEMPT_FILES.log), grown, logReader(context, task, attempt)),
    watchGrowth(join(folder, ATTEMPT_FILES.events), () => grown({ size })),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Reads a part of a log as its pages do: no link followed, no secret shown. */
function logReader(context: Context, task: number, attempt: number): GrowthReader {
  return async (from, to) => {
    const file = await openBelow(context.dataDir.home, attemptLogPlace(context, task, attempt).log);
    if (file === null) return null;
    try {
      const range = { from, to: to - 1, size: Math.max(file.size, to) };
      return await buffer(maskedBytes(file.handle, range, secretMasker(context)));
    } finally {
      await file.handle.close();
    }
  };
}

/** Changes that wait for a slow reader; growth of one log joins its earlier one. */
class Inbox {
  private items: ChangeView[] = [];
  private isOverrun = false;
  private wake: (() => void) | undefined;

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener("abort", () => this.wake?.(), { once: true });
  }

  put(change: ChangeView): void {
    const { log } = change;
    const isOfIt = (one: ChangeView) => one.log?.task === log?.task && one.log?.attempt === log?.attempt;
    const waiting = log === undefined ? -1 : this.items.findIndex(isOfIt);
    const [earlier] = waiting < 0 ? [] : this.items.splice(waiting, 1);
    if (this.items.length >= MAX_WAITING) {
      this.items = [];
      this.isOverrun = true;
    }
    const isLater = log !== undefined && earlier?.log !== undefined;
    this.items.push(
      isLater
        ? { ...change, log: { task: log.task, attempt: log.attempt, ...joinedGrowth(earlier.log, log) } }
        : change,
    );
    this.wake?.();
  }

  /** Everything that waits, or null once the signal has aborted. */
  async take(): Promise<{ readonly items: readonly ChangeView[]; readonly isOverrun: boolean } | null> {
    while (this.items.length === 0 && !this.signal.aborted) {
      await new Promise<void>((resume) => {
        this.wake = resume;
      });
    }
    if (this.signal.aborted) return null;
    const taken = { items: this.items, isOverrun: this.isOverrun };
    this.items = [];
    this.isOverrun = false;
    return taken;
  }
}
