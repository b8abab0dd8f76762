/** Carries out what planning decides, as rows: moves of tasks and runs inside the turn's transaction. */
import type { EngineQueries } from "@/db/queries/engine";
import type { JsonValue } from "@/pipelines/graph";
import { assertNever } from "@/server/domain/assert-never";
import { askCondition } from "@/server/domain/planning/condition";
import { type Decision, finalState, nextDecision, survives } from "@/server/domain/planning/decisions";
import { planRun } from "@/server/domain/planning/make-plan";
import { applyMove, endPlan } from "@/server/domain/planning/plan-moves";
import {
  canceledBy,
  noSuchItem,
  RUN_CANCELED,
  runTimeout,
  stepFailed,
  stoppedOnFailure,
  WAITING_FOR_SLOT,
} from "@/server/domain/planning/reasons";
import type { Ending } from "@/server/domain/planning/rules";
import type { PlannedTask, RunPlan } from "@/server/domain/planning/run-plan";
import { stepDemand } from "@/server/domain/queue/step-demand";
import type { Demand } from "@/server/domain/queue/take-turns";
import type { Reason } from "@/server/domain/reason";
import { isRunOver, isTaskOver, RUN_MOVES, type RunState, type TaskState } from "@/server/domain/states";
import { Retries } from "./retries";
import type { RunCache, RunMemory } from "./run-cache";
import type { StepInputs } from "./step-inputs";
import type { StepOutputs } from "./step-outputs";
import type { StepReuse } from "./step-reuse";
import type { TaskMaker } from "./task-maker";
import type { Turn } from "./turn";

/** How long an exit task may take in a run that was ended. */
export const EXIT_TASK_LIMIT_MS = 60_000;

export interface OrchestratorParts {
  readonly cache: RunCache;
  readonly inputs: StepInputs;
  readonly outputs: StepOutputs;
  readonly maker: TaskMaker;
  readonly reuse: StepReuse;
}

export class Orchestrator {
  readonly #queries: EngineQueries;
  readonly #cache: RunCache;
  readonly #inputs: StepInputs;
  readonly #outputs: StepOutputs;
  readonly #maker: TaskMaker;
  readonly #reuse: StepReuse;
  readonly #retries: Retries;

  constructor(queries: EngineQueries, { cache, inputs, outputs, maker, reuse }: OrchestratorParts) {
    this.#queries = queries;
    this.#cache = cache;
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.#maker = maker;
    this.#reuse = reuse;
    this.#retries = new Retries(queries, cache);
  }

  /** Goes on with a run as far as the turn's budget allows. True when it has nothing left to do until something happens. */
  advance(turn: Turn, run: RunMemory): boolean {
    if (run.expansion !== null) this.#maker.begin(turn, run, run.expansion);
    const { plan } = run;
    if (plan === null) return false;
    while (turn.budget > 0) {
      const decision = nextDecision(plan);
      if (decision === null) {
        const end = finalState(plan);
        if (end !== null) this.#finish(turn, run, end);
        return true;
      }
      turn.budget -= 1;
      this.#perform(turn, run, decision);
    }
    return false;
  }

  /** Reads the newest intent on a run: that it exists, that it is to be retried, or that it is to end. */
  notice(turn: Turn, runKey: number): RunMemory | null {
    this.#queries.runs.markNoticed(runKey);
    this.#retries.begin(turn, runKey);
    const intent = this.#queries.runs.find(runKey);
    if (intent?.isHeld) {
      if (intent.recurringRunKey !== null) turn.freed.add(intent.recurringRunKey);
      if (intent.cancelRequestedAtMs === null) return null;
      this.#queries.runs.hold(runKey, null);
    }
    const run = this.#cache.open(runKey);
    if (run && intent) this.#reprioritize(run, intent.priority);
    if (!run || !intent || intent.cancelRequestedAtMs === null) return run;
    const isHard = intent.isCancelHard;
    if (run.state === "canceling" && run.plan?.ending?.kind === "canceled" && run.plan.ending.isHard === isHard)
      return run;
    this.#end(turn, run, { kind: "canceled", isHard }, canceledBy(intent.cancelRequestedBy));
    return run;
  }

  /** Follows the row's priority: what waits in the queue moves, and who waits for a twin may not want to any more. */
  #reprioritize(run: RunMemory, priority: number): void {
    if (run.row.priority === priority) return;
    run.row = { ...run.row, priority };
    this.#queries.tasks.setPriority(run.row.key, priority);
    this.#reuse.requeued(run);
  }

  /** Ends a run that has taken longer than it may. */
  timeOut(turn: Turn, runKey: number): RunMemory | null {
    const run = this.#cache.open(runKey);
    if (run === null || run.state !== "running") return run;
    this.#end(turn, run, { kind: "timeout", isHard: false }, runTimeout(run.index.graph.timeoutMs ?? 0));
    return run;
  }

  /** Moves a task in its row, in memory and in the turn's list of changes. Throws when the row is not what memory says. */
  moveTask(
    turn: Turn,
    run: RunMemory,
    task: PlannedTask,
    to: TaskState,
    reason: Reason | null,
    retryAtMs: number | null = null,
    demand: Demand | null = null,
  ): void {
    const { key, attempt, state: from } = task;
    const { tasks } = this.#queries;
    const isMoved =
      to === "queued"
        ? tasks.enqueue({ key, from, reason, attempt, queuedAtMs: turn.nowMs, retryAtMs, demand, run: run.row })
        : tasks.move({
            key,
            from,
            to,
            reason,
            attempt,
            startedAtMs: to === "running" ? turn.nowMs : null,
            finishedAtMs: isTaskOver(to) ? turn.nowMs : null,
          });
    if (!isMoved || run.plan === null) throw new Error(`task ${task.path} is not ${from} any more`);
    if (isTaskOver(to)) task.finishedAtMs = turn.nowMs;
    applyMove(run.plan, task, to, reason);
    run.changed.set(task.key, to);
    turn.touched.add(run);
    if (task.role === "leaf") this.#reuse.moved(run, task, to, retryAtMs);
    if (to === "failed" && run.row.stopsOnFailure && task.role === "leaf" && run.plan.ending === null) {
      this.#end(
        turn,
        run,
        { kind: "first-failure", isHard: false },
        stoppedOnFailure({ ...task, name: task.step.name }),
      );
    }
  }

  /** Moves a run in memory; its row follows at the end of the turn. */
  moveRun(turn: Turn, run: RunMemory, to: RunState): void {
    if (!RUN_MOVES[run.state].includes(to)) throw new Error(`the run cannot go from ${run.state} to ${to}`);
    run.state = to;
    if (to === "running") this.#begin(turn, run);
    if (isRunOver(to)) run.finishedAtMs = turn.nowMs;
    turn.touched.add(run);
  }

  #perform(turn: Turn, run: RunMemory, decision: Decision): void {
    const { task } = decision;
    switch (decision.do) {
      case "move":
        this.moveTask(turn, run, task, decision.to, decision.reason);
        break;
      case "queue":
      case "open":
        this.#enter(turn, run, task);
        break;
      case "iterate":
        this.#iterate(turn, run, task, decision.from, decision.to);
        break;
      case "close":
        if (decision.to === "succeeded") this.#outputs.passUp(run, task);
        this.moveTask(turn, run, task, decision.to, decision.reason);
        break;
      case "stop":
        this.#stop(turn, run, task);
        break;
      default:
        assertNever(decision);
    }
  }

  /** Resolves the inputs of a task that was reached and asks its condition; without inputs it fails where it stands. */
  #enter(turn: Turn, run: RunMemory, task: PlannedTask): void {
    const inputs = this.#inputs.resolve(run, task);
    if (!inputs.ok) {
      this.moveTask(turn, run, task, "failed", inputs.reason);
      return;
    }
    const answer = conditionOf(task, inputs.parameters);
    if (answer !== null) this.moveTask(turn, run, task, answer.state, answer.reason);
    else if (task.role === "leaf") this.#enterLeaf(turn, run, task, inputs.parameters);
    else if (task.role === "loop") this.#enterLoop(turn, run, task, inputs.parameters);
    else this.moveTask(turn, run, task, "running", null);
  }

  #enterLoop(turn: Turn, run: RunMemory, loop: PlannedTask, parameters: { readonly [name: string]: JsonValue }): void {
    const counted = this.#inputs.count(loop, parameters);
    if ("reason" in counted) {
      this.moveTask(turn, run, loop, "failed", counted.reason);
      return;
    }
    loop.iterationCount = counted.count;
    this.#queries.tasks.countIterations(loop.key, counted.count);
    this.#leaveOutSurplus(turn, run, loop, counted.count);
    this.moveTask(turn, run, loop, "running", null);
  }

  /** Takes an earlier result over where there is one; a step that waits for its twin stays pending. */
  #enterLeaf(turn: Turn, run: RunMemory, task: PlannedTask, parameters: { readonly [name: string]: JsonValue }): void {
    const verdict = this.#reuse.consider(turn, run, task, parameters);
    if (verdict.do === "run") {
      const demand = stepDemand(task.step.body, parameters, this.#cache.profile(run));
      this.moveTask(turn, run, task, "queued", WAITING_FOR_SLOT, null, demand);
    }
    if (verdict.do === "hit") this.moveTask(turn, run, task, "cached", verdict.reason);
  }

  /** A loop that begins anew in a retry may have fewer items than it had; the rest of its iterations stays undone. */
  #leaveOutSurplus(turn: Turn, run: RunMemory, loop: PlannedTask, count: number): void {
    for (const task of [...loop.children]) {
      const isSurplus = (task.iteration ?? 0) >= count && !isTaskOver(task.state);
      if (isSurplus) this.moveTask(turn, run, task, "omitted", noSuchItem(count));
    }
  }

  /** Makes iterations as far as the turn's budget allows, one at least. */
  #iterate(turn: Turn, run: RunMemory, loop: PlannedTask, from: number, to: number): void {
    for (let at = from; at < to && (at === from || turn.budget > 0); at += 1) this.#maker.iterate(turn, run, loop, at);
    if (loop.iterationsMade < to) run.plan?.agenda.push(loop);
  }

  #stop(turn: Turn, run: RunMemory, task: PlannedTask): void {
    this.moveTask(turn, run, task, "canceling", RUN_CANCELED);
    const attemptKey = this.#queries.attempts.liveOfTask(run.row.key, task.key);
    if (attemptKey === undefined) throw new Error(`task ${task.path} runs without an attempt`);
    this.#queries.attempts.markStopped(attemptKey, turn.nowMs, null);
    turn.effects.push({ do: "stop", attemptKey, graceMs: this.#cache.context(run).profile.graceMs });
  }

  #begin(turn: Turn, run: RunMemory): void {
    run.startedAtMs = turn.nowMs;
    const { timeoutMs } = run.index.graph;
    if (timeoutMs === undefined) return;
    this.#queries.runs.limit(run.row.key, turn.nowMs + timeoutMs);
    turn.hasTimers = true;
  }

  /** Brings a run to its end before its time; exit tasks still run, each under a limit of its own. */
  #end(turn: Turn, run: RunMemory, ending: Ending, reason: Reason): void {
    run.reason = reason;
    if (run.plan === null) {
      run.plan = planRun(run.index, run.expansion?.rows ?? [], ending);
      run.expansion = null;
    }
    endPlan(run.plan, ending);
    this.#limitExitTasks(turn, run.plan, run.row.key);
    if (run.state === "pending" && ending.kind !== "canceled") this.moveRun(turn, run, "running");
    if (run.state === "running") this.moveRun(turn, run, "canceling");
    else turn.touched.add(run);
  }

  /** Exit tasks that run already go on for as long as those that are still to come. */
  #limitExitTasks(turn: Turn, plan: RunPlan, runKey: number): void {
    for (const task of plan.byKey.values()) {
      if (task.role !== "leaf" || task.state !== "running" || !survives(plan, task)) continue;
      const attemptKey = this.#queries.attempts.liveOfTask(runKey, task.key);
      if (attemptKey !== undefined) this.#queries.attempts.limit(attemptKey, turn.nowMs + EXIT_TASK_LIMIT_MS);
      turn.hasTimers = true;
    }
  }

  #finish(turn: Turn, run: RunMemory, end: "succeeded" | "failed" | "canceled"): void {
    if (run.state === "pending" && end !== "canceled") this.moveRun(turn, run, "running");
    if (run.state === "running" && end === "canceled") this.moveRun(turn, run, "canceling");
    if (end === "failed" && run.plan?.ending?.kind !== "timeout") {
      const first = this.#queries.runs.firstFailure(run.row.key);
      run.reason = first === undefined ? null : stepFailed(first);
    }
    this.#outputs.passOut(run);
    this.moveRun(turn, run, end);
  }
}

/** An iteration is under the condition of its loop, which was asked before. */
const conditionOf = (task: PlannedTask, parameters: { readonly [name: string]: JsonValue }) =>
  task.iteration === null ? askCondition(task.step, parameters) : null;
