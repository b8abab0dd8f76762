/** Gives free step slots to the tasks that wait for them, in order; the only place where an attempt comes to be. */
import type { EngineQueries } from "@/db/queries/engine";
import type { QueuedTask } from "@/db/queries/engine/tasks";
import { survives } from "@/server/domain/planning/decisions";
import { leavesBefore } from "@/server/domain/planning/neighbours";
import { RUN_CANCELED, stepTimeout } from "@/server/domain/planning/reasons";
import type { PlannedTask } from "@/server/domain/planning/run-plan";
import type { AttemptRequest, UpstreamAttempt } from "./attempts/contract";
import { EXIT_TASK_LIMIT_MS, type Orchestrator } from "./orchestrator";
import type { RunCache, RunMemory } from "./run-cache";
import type { StepInputs } from "./step-inputs";
import type { Turn } from "./turn";

export class Claims {
  readonly #queries: EngineQueries;
  readonly #cache: RunCache;
  readonly #orchestrator: Orchestrator;
  readonly #inputs: StepInputs;

  constructor(queries: EngineQueries, cache: RunCache, orchestrator: Orchestrator, inputs: StepInputs) {
    this.#queries = queries;
    this.#cache = cache;
    this.#orchestrator = orchestrator;
    this.#inputs = inputs;
  }

  /**
   * The tasks whose turn it is: as many as there are slots free, counted from rows, and no more than `most`. Priority
   * first, then the longest wait.
   */
  next(nowMs: number, slots: number, most: number): readonly QueuedTask[] {
    const free = Math.min(slots - this.#queries.attempts.countLive(), most);
    return free > 0 ? this.#queries.tasks.queue(nowMs, free) : [];
  }

  /** Makes the task's next attempt, to be started once the turn is committed. Answers the run if more follows from it. */
  claim(turn: Turn, { key: taskKey, runKey, capped }: QueuedTask): RunMemory | null {
    const run = this.#cache.open(runKey);
    if (run === null) {
      this.#queries.tasks.endAll(runKey, RUN_CANCELED, turn.nowMs);
      return null;
    }
    const task = run.plan?.byKey.get(taskKey);
    if (task === undefined || task.state !== "queued") throw new Error(`task ${taskKey} is queued in its row alone`);
    const { plan } = run;
    if (plan?.ending && !survives(plan, task)) return run;
    // Others of the same profile may have been claimed in this turn.
    if (capped !== null && this.#queries.attempts.isFull(capped)) return null;
    task.attempt += 1;
    if (task.retrySinceMs === null && run.index.retryOf(task.step) !== null) {
      task.retrySinceMs = turn.nowMs;
      this.#queries.tasks.beginRound(task.key, turn.nowMs);
    }
    const limitMs = timeLimit(task, plan?.ending != null);
    if (limitMs !== null) turn.hasTimers = true;
    const deadlineAtMs = limitMs === null ? null : turn.nowMs + limitMs;
    const attemptKey = this.#queries.attempts.insert(taskKey, runKey, task.attempt, turn.nowMs, deadlineAtMs);
    this.#orchestrator.moveTask(turn, run, task, "running", null);
    if (run.state === "pending") this.#orchestrator.moveRun(turn, run, "running");
    turn.effects.push({ do: "begin", request: this.request(run, task, attemptKey) });
    return plan && plan.agenda.length > plan.agendaAt ? run : null;
  }

  /** Stops an attempt that is past its time limit; its task fails with that reason once it has ended. */
  timeOut(turn: Turn, attemptKey: number, taskKey: number, runKey: number): null {
    const run = this.#cache.open(runKey);
    const task = run?.plan?.byKey.get(taskKey);
    if (!run || task === undefined) return null;
    const limitMs = timeLimit(task, run.plan?.ending != null) ?? 0;
    this.#queries.attempts.markStopped(attemptKey, turn.nowMs, stepTimeout(limitMs));
    turn.effects.push({ do: "stop", attemptKey, graceMs: this.#cache.context(run).profile.graceMs });
    return null;
  }

  /** What the newest attempt of a task is started, adopted and collected with. */
  request(run: RunMemory, task: PlannedTask, attemptKey: number): AttemptRequest {
    return {
      run: this.#cache.context(run),
      step: task.step,
      taskKey: task.key,
      taskPath: task.path,
      attemptKey,
      number: task.attempt,
      inputs: this.#inputs.read(task),
      upstream: run.row.fileMode === "isolated" && task.step.body.body === "file" ? this.#upstream(run, task) : [],
    };
  }

  /** The attempts that ran before a step, whose declared files it is given. */
  #upstream(run: RunMemory, task: PlannedTask): UpstreamAttempt[] {
    const before = run.plan === null ? [] : leavesBefore(run.plan, task);
    return before.flatMap(({ key, step }) => {
      const source = this.#queries.tasks.sourceAttempt(key);
      return source === null ? [] : [{ stepPath: step.path, ...source }];
    });
  }
}

/** Milliseconds that an attempt may take; null without a limit. Exit tasks of a run that was ended have one anyway. */
function timeLimit({ step }: PlannedTask, isEnding: boolean): number | null {
  const own = step.timeoutMs ?? null;
  return isEnding ? Math.min(own ?? EXIT_TASK_LIMIT_MS, EXIT_TASK_LIMIT_MS) : own;
}
