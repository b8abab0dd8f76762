/** Gives free step slots to the tasks that wait for them, in order; the only place where an attempt comes to be. */
import type { EngineQueries } from "@/db/queries/engine";
import { RUN_CANCELED } from "@/server/domain/planning/reasons";
import type { PlannedTask } from "@/server/domain/planning/run-plan";
import type { AttemptRequest } from "./attempts/contract";
import type { Orchestrator } from "./orchestrator";
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
  next(slots: number, most: number): readonly { readonly key: number; readonly runKey: number }[] {
    const free = Math.min(slots - this.#queries.attempts.countLive(), most);
    return free > 0 ? this.#queries.tasks.queue(free) : [];
  }

  /** Makes the task's next attempt, to be started once the turn is committed. Answers the run if more follows from it. */
  claim(turn: Turn, taskKey: number, runKey: number): RunMemory | null {
    const run = this.#cache.open(runKey);
    if (run === null) {
      this.#queries.tasks.endAll(runKey, RUN_CANCELED, turn.nowMs);
      return null;
    }
    const task = run.plan?.byKey.get(taskKey);
    if (task === undefined || task.state !== "queued") throw new Error(`task ${taskKey} is queued in its row alone`);
    if (run.plan?.isCanceling) return run;
    task.attempt += 1;
    const attemptKey = this.#queries.attempts.insert(taskKey, runKey, task.attempt, turn.nowMs);
    this.#orchestrator.moveTask(turn, run, task, "running", null);
    if (run.state === "pending") this.#orchestrator.moveRun(turn, run, "running");
    turn.effects.push({ do: "begin", request: this.request(run, task, attemptKey) });
    return run.plan !== null && run.plan.agenda.length > run.plan.agendaAt ? run : null;
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
    };
  }
}
