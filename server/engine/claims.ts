/** Gives free step slots to the tasks that wait for them, in order; the only place where an attempt comes to be. */
import type { EngineQueries } from "@/db/queries/engine";
import { survives } from "@/server/domain/planning/decisions";
import { leavesBefore } from "@/server/domain/planning/neighbours";
import { RUN_CANCELED, stepTimeout, WAITING_FOR_SLOT } from "@/server/domain/planning/reasons";
import type { PlannedTask } from "@/server/domain/planning/run-plan";
import { takeTurns, type Waiting } from "@/server/domain/queue/take-turns";
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

  /** The tasks whose turn it is: as many as there are slots free, counted from rows, and no more than `most`. */
  next(slots: number, most: number): readonly Waiting[] {
    const { queue } = this.#queries;
    const { queues, held } = queue.standing();
    if (queues.length === 0) return [];
    const inUse = held.reduce((sum, { count }) => sum + count, 0);
    const free = Math.min(slots - inUse, most);
    if (free <= 0) return [];
    // Of more experiments than this one at least has no slot yet and comes before all that are left out.
    const limits = { lanes: inUse + free, each: free };
    const readBand = (profile: string, priority: number) => queue.band(profile, priority, limits);
    const { tasks, turns } = takeTurns({ queues, held, readBand }, free);
    for (const taken of turns) queue.noteTurn(taken);
    return tasks;
  }

  /** Lets tries that are due into their queues. */
  releaseTries(turn: Turn): void {
    for (const { key, runKey } of this.#queries.queue.release(WAITING_FOR_SLOT, turn.nowMs)) {
      const run = this.#cache.open(runKey);
      run?.changed.set(key, "queued");
      if (run !== null) turn.touched.add(run);
    }
  }

  /** Makes the task's next attempt, to be started once the turn is committed. Answers the run if more follows from it. */
  claim(turn: Turn, { key: taskKey, runKey }: Pick<Waiting, "key" | "runKey">): RunMemory | null {
    const run = this.#cache.open(runKey);
    if (run === null) {
      this.#queries.tasks.endAll(runKey, RUN_CANCELED, turn.nowMs);
      return null;
    }
    const task = run.plan?.byKey.get(taskKey);
    if (task === undefined || task.state !== "queued") throw new Error(`task ${taskKey} is queued in its row alone`);
    const { plan } = run;
    if (plan?.ending && !survives(plan, task)) return run;
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
