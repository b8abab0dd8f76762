/** The engine's side of live attempts: starts, adopts and stops them and keeps the news of them until a turn records it. */

import type { Reason } from "@/server/domain/reason";
import type { Log } from "@/server/platform/log";
import {
  type AttemptHandle,
  type AttemptRequest,
  type AttemptRunner,
  type ExitReport,
  type Outcome,
  StartRefusal,
} from "./attempts/contract";

/** Something that happened to an attempt and is not in the database yet. */
export type News = { readonly request: AttemptRequest } & (
  | { readonly what: "began"; readonly handle: AttemptHandle; readonly atMs: number }
  | { readonly what: "refused"; readonly reason: Reason; readonly isDiskFull: boolean }
  | {
      readonly what: "ended";
      readonly outcome: Outcome;
      readonly atMs: number;
      readonly handle: AttemptHandle | null;
      readonly startedAtMs: number | null;
    }
  | { readonly what: "never-begun" }
  | { readonly what: "gone"; readonly because: "reboot" | "lost" }
);

interface LiveAttempt {
  readonly request: AttemptRequest;
  handle: AttemptHandle | null;
  startedAtMs: number | null;
  isOver: boolean;
}

/** A process that ended while there was no room to keep what it left. */
interface Uncollected {
  readonly live: LiveAttempt;
  readonly report: ExitReport;
  readonly againAtMs: number;
}

const COLLECT_AGAIN_MS = 1_000;

const isDiskFull = (error: unknown): boolean =>
  (error instanceof StartRefusal && (error.reason.code === "disk-full" || error.reason.code === "waiting-for-disk")) ||
  (error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT"));

const asReason = (error: unknown, message: string): Reason =>
  error instanceof StartRefusal
    ? error.reason
    : { code: "internal", message: `${message}: ${error instanceof Error ? error.message : error}.`, subject: null };

function moved(news: News, byMs: number): News {
  if (news.what === "began") return { ...news, atMs: news.atMs + byMs };
  if (news.what !== "ended") return news;
  const startedAtMs = news.startedAtMs === null ? null : news.startedAtMs + byMs;
  return { ...news, atMs: news.atMs + byMs, startedAtMs };
}

export class AttemptDesk {
  /** Oldest first; the engine removes what it has recorded. */
  readonly inbox: News[] = [];
  readonly #runner: AttemptRunner;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #wake: () => void;
  readonly #live = new Map<number, LiveAttempt>();
  #uncollected: Uncollected[] = [];

  constructor(runner: AttemptRunner, now: () => number, log: Log, wake: () => void) {
    this.#runner = runner;
    this.#now = now;
    this.#log = log;
    this.#wake = wake;
  }

  get liveCount(): number {
    return this.#live.size;
  }

  /** Starts an attempt whose row is committed. What comes of it arrives as news, never as an exception. */
  begin(request: AttemptRequest): void {
    const live = this.#follow(request, null);
    this.#start(live).catch((error: unknown) => this.#lose(live, error));
  }

  /** Takes over an attempt of an earlier engine; settled when it is known whether it lives. */
  async adopt(request: AttemptRequest, handle: AttemptHandle | null): Promise<void> {
    const live = this.#follow(request, handle);
    try {
      const adoption = await this.#runner.adopt(request, handle, (report) => this.#ended(live, report));
      if (adoption.found === "alive") {
        live.handle = adoption.handle;
        live.startedAtMs = adoption.startedAtMs;
        this.inbox.push({ request, what: "began", handle: adoption.handle, atMs: adoption.startedAtMs });
      } else if (adoption.found === "ended") {
        live.startedAtMs = adoption.startedAtMs;
        void this.#collect(live, adoption.report);
      } else if (adoption.found === "never-begun") {
        this.#conclude(live, { request, what: "never-begun" });
      } else {
        this.#conclude(live, { request, what: "gone", because: adoption.because });
      }
    } catch (error) {
      this.#log.error({ err: error, attempt: request.attemptKey }, "an attempt could not be taken over");
      this.#conclude(live, { request, what: "gone", because: "lost" });
    }
  }

  stop(attemptKey: number, graceMs: number): void {
    try {
      this.#runner.stop(attemptKey, graceMs);
    } catch (error) {
      this.#log.error({ err: error, attempt: attemptKey }, "an attempt could not be stopped");
    }
  }

  /** Has what was seen before a jump of the clock speak of the new time. */
  moveAlong(byMs: number): void {
    for (const live of this.#live.values()) {
      if (live.startedAtMs !== null) live.startedAtMs += byMs;
    }
    this.inbox.splice(0, this.inbox.length, ...this.inbox.map((news) => moved(news, byMs)));
    this.#uncollected = this.#uncollected.map(({ live, report }) => ({
      live,
      report: { ...report, atMs: report.atMs + byMs },
      againAtMs: 0,
    }));
  }

  /** Tries again to collect what a full disk kept back. */
  collectAgain(): void {
    if (this.#uncollected.length === 0) return;
    const now = this.#now();
    const due = this.#uncollected.filter((one) => one.againAtMs <= now);
    if (due.length === 0) return;
    this.#uncollected = this.#uncollected.filter((one) => one.againAtMs > now);
    for (const { live, report } of due) void this.#collect(live, report);
  }

  #follow(request: AttemptRequest, handle: AttemptHandle | null): LiveAttempt {
    const live: LiveAttempt = { request, handle, startedAtMs: null, isOver: false };
    this.#live.set(request.attemptKey, live);
    return live;
  }

  async #start(live: LiveAttempt): Promise<void> {
    const { request } = live;
    const handle = await this.#runner.begin(request, (report) => this.#ended(live, report));
    live.handle = handle;
    live.startedAtMs = this.#now();
    if (!live.isOver) this.inbox.push({ request, what: "began", handle, atMs: live.startedAtMs });
  }

  #lose(live: LiveAttempt, error: unknown): void {
    const { request } = live;
    if (!(error instanceof StartRefusal)) {
      this.#log.warn({ err: error, attempt: request.attemptKey }, "a step could not be started");
    }
    const reason = asReason(error, "The step could not be started");
    this.#conclude(live, { request, what: "refused", reason, isDiskFull: isDiskFull(error) });
  }

  #ended(live: LiveAttempt, report: ExitReport): void {
    void this.#collect(live, report);
  }

  async #collect(live: LiveAttempt, report: ExitReport): Promise<void> {
    const { request } = live;
    let outcome: Outcome;
    try {
      outcome = await this.#runner.collect(request, report);
    } catch (error) {
      if (isDiskFull(error)) {
        this.#uncollected.push({ live, report, againAtMs: this.#now() + COLLECT_AGAIN_MS });
        return;
      }
      this.#log.error({ err: error, attempt: request.attemptKey }, "the outputs of a step could not be read");
      const reason = asReason(error, "What the step left could not be read");
      outcome = { state: "failed", exitCode: report.code, reason };
    }
    const { handle, startedAtMs } = live;
    this.#conclude(live, { request, what: "ended", outcome, atMs: report.atMs, handle, startedAtMs });
  }

  #conclude(live: LiveAttempt, news: News): void {
    if (live.isOver) return;
    live.isOver = true;
    this.#live.delete(live.request.attemptKey);
    this.inbox.push(news);
    this.#wake();
  }
}
