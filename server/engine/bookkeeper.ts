/** Records what became of attempts: their own rows, their tasks, and what they left behind. */
import { isAbsolute, relative } from "node:path";
import type { EngineQueries } from "@/db/queries/engine";
import { assertNever } from "@/server/domain/assert-never";
import { RUN_CANCELED, WAITING_FOR_DISK, WAITING_FOR_SLOT, waitingForRetry } from "@/server/domain/planning/reasons";
import { nextTry } from "@/server/domain/planning/retry";
import type { PlannedTask } from "@/server/domain/planning/run-plan";
import type { Reason } from "@/server/domain/reason";
import type { TaskState } from "@/server/domain/states";
import type { News } from "./attempt-desk";
import type { AttemptUsage, Collected } from "./attempts/contract";
import type { Orchestrator } from "./orchestrator";
import type { RunCache, RunMemory } from "./run-cache";
import type { Turn } from "./turn";

type NewsOf<W extends News["what"]> = Extract<News, { readonly what: W }>;

const GONE: { readonly [because in "reboot" | "lost"]: Reason } = {
  reboot: {
    code: "reboot",
    message: "The machine was restarted while the step ran; start the run again.",
    subject: null,
  },
  lost: {
    code: "lost",
    message: "The step's process vanished without leaving an exit code; it may have been killed from outside.",
    subject: null,
  },
};

export class Bookkeeper {
  readonly #queries: EngineQueries;
  readonly #cache: RunCache;
  readonly #orchestrator: Orchestrator;
  readonly #home: string;

  constructor(queries: EngineQueries, cache: RunCache, orchestrator: Orchestrator, home: string) {
    this.#queries = queries;
    this.#cache = cache;
    this.#orchestrator = orchestrator;
    this.#home = home;
  }

  /** Records one piece of news and answers the run that may go on, or null when it concerns none that is open. */
  record(turn: Turn, news: News): RunMemory | null {
    switch (news.what) {
      case "began":
        this.#queries.attempts.begin(news.request.attemptKey, news.handle, news.atMs);
        return null;
      case "refused":
        return this.#refused(turn, news);
      case "ended":
        return this.#ended(turn, news);
      case "never-begun":
        return this.#vanished(turn, news, "queued", WAITING_FOR_SLOT);
      case "gone":
        return this.#vanished(turn, news, "failed", GONE[news.because]);
      default:
        return assertNever(news);
    }
  }

  #refused(turn: Turn, news: NewsOf<"refused">): RunMemory | null {
    const { reason, isDiskFull } = news;
    return this.#end(turn, news, { state: "failed", reason, exitCode: null }, (run, task) =>
      isDiskFull
        ? this.#orchestrator.moveTask(turn, run, task, "queued", WAITING_FOR_DISK)
        : this.#failed(turn, run, task, reason),
    );
  }

  #ended(turn: Turn, news: NewsOf<"ended">): RunMemory | null {
    const { outcome, handle, startedAtMs } = news;
    // What the engine stopped for its time limit has failed, whatever it made of its last seconds.
    const stopReason = this.#mayBeLimited(news) ? this.#queries.attempts.stopReason(news.request.attemptKey) : null;
    const reason = stopReason ?? (outcome.state === "failed" ? outcome.reason : null);
    const state = reason === null ? ("succeeded" as const) : ("failed" as const);
    const { exitCode, usage = null } = outcome;
    // Traces are dated by the machine's clock, which may have been put back since.
    const atMs = Math.min(news.atMs, turn.nowMs);
    const end = { state, reason, exitCode, handle, startedAtMs, atMs, usage };
    return this.#end(turn, news, end, (run, task) => {
      // A failed notebook leaves its executed copy, which shows the cell that failed.
      if (outcome.collected !== undefined) this.#keep(turn, run, task, outcome.collected);
      if (reason === null) this.#orchestrator.moveTask(turn, run, task, "succeeded", null);
      else this.#failed(turn, run, task, reason);
    });
  }

  /** Few attempts have a time limit; the others are not asked why they were stopped. */
  #mayBeLimited({ request }: News): boolean {
    return request.step.timeoutMs !== undefined || this.#cache.open(request.run.key)?.plan?.ending != null;
  }

  #vanished(turn: Turn, news: News, to: TaskState, reason: Reason): RunMemory | null {
    const end = { state: "lost" as const, reason: to === "failed" ? reason : null, exitCode: null };
    return this.#end(turn, news, end, (run, task) =>
      to === "failed"
        ? this.#failed(turn, run, task, reason)
        : this.#orchestrator.moveTask(turn, run, task, to, reason),
    );
  }

  /** A try has failed: the task is queued for another one if its step says so, else it has failed too. */
  #failed(turn: Turn, run: RunMemory, task: PlannedTask, reason: Reason): void {
    const retry = run.plan?.ending === null ? run.index.retryOf(task.step) : null;
    if (retry !== null) {
      const failures = this.#queries.attempts.failures(task.key, task.retryBase);
      const round = { failures, sinceMs: task.retrySinceMs ?? turn.nowMs, nowMs: turn.nowMs };
      const atMs = nextTry(retry, reason.code, round);
      if (atMs !== null) {
        const waiting = waitingForRetry(reason, failures, retry.maxRetries, atMs);
        this.#orchestrator.moveTask(turn, run, task, "queued", waiting, atMs);
        turn.hasTimers = true;
        return;
      }
    }
    this.#orchestrator.moveTask(turn, run, task, "failed", reason);
  }

  /**
   * Ends the attempt and lets `settle` move its task. News of an attempt that is over changes nothing: its row is the
   * fence. A task that is being canceled becomes canceled, however its process ended.
   */
  #end(
    turn: Turn,
    news: News,
    end: {
      readonly state: "succeeded" | "failed" | "lost";
      readonly reason: Reason | null;
      readonly exitCode: number | null;
      readonly handle?: NewsOf<"ended">["handle"];
      readonly startedAtMs?: number | null;
      readonly atMs?: number;
      readonly usage?: AttemptUsage | null;
    },
    settle: (run: RunMemory, task: PlannedTask) => void,
  ): RunMemory | null {
    const { request } = news;
    const run = this.#cache.open(request.run.key);
    const task = run?.plan?.byKey.get(request.taskKey);
    const isCanceled = task === undefined || task.state === "canceling";
    const isEnded = this.#queries.attempts.end({
      key: request.attemptKey,
      state: isCanceled && end.state !== "lost" ? "canceled" : end.state,
      reason: isCanceled ? RUN_CANCELED : end.reason,
      exitCode: end.exitCode,
      handle: end.handle ?? null,
      startedAtMs: end.startedAtMs ?? null,
      finishedAtMs: end.atMs ?? turn.nowMs,
      usage: end.usage ?? null,
    });
    if (!isEnded || run === null || task === undefined) return null;
    if (isCanceled) this.#orchestrator.moveTask(turn, run, task, "canceled", RUN_CANCELED);
    else settle(run, task);
    return run;
  }

  #keep(turn: Turn, run: RunMemory, task: PlannedTask, collected: Collected): void {
    const { values, runs } = this.#queries;
    const runKey = run.row.key;
    for (const [name, value] of Object.entries(collected.parameters)) {
      values.setParameter(task.key, "output", name, value);
    }
    for (const made of collected.artifacts) {
      const path = made.path !== null && isAbsolute(made.path) ? relative(this.#home, made.path) : made.path;
      const key = values.insertArtifact(runKey, task.key, { ...made, path }, turn.nowMs);
      values.linkArtifact(task.key, "output", made.output, made.position, key);
    }
    for (const { name, value, format } of collected.metrics) {
      values.insertMetric(runKey, task.key, name, value, format, turn.nowMs);
    }
    for (const warning of collected.warnings) runs.addNotice(runKey, "output", warning, task.path);
  }
}
