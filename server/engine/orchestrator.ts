/** Carries out what planning decides, as rows: moves of tasks and runs inside the turn's transaction. */
import type { EngineQueries } from "@/db/queries/engine";
import { storageTrouble } from "@/db/storage-trouble";
import { assertNever } from "@/server/domain/assert-never";
import { type Decision, finalState, nextDecision } from "@/server/domain/planning/decisions";
import { canceledBy, internal, RUN_CANCELED, stepFailed, WAITING_FOR_SLOT } from "@/server/domain/planning/reasons";
import { applyMove, cancelPlan, type PlannedTask, planRun, type TaskRow } from "@/server/domain/planning/run-plan";
import type { Reason } from "@/server/domain/reason";
import { isRunOver, isTaskOver, RUN_MOVES, type RunState, type TaskState } from "@/server/domain/states";
import { countsNow, type RunCache, type RunMemory } from "./run-cache";
import type { StepInputs } from "./step-inputs";
import { RunTrouble, type Turn } from "./turn";

/** Above this many moved tasks an event names none, and the reader fetches the run again. */
const MAX_LISTED = 200;

export class Orchestrator {
  readonly #queries: EngineQueries;
  readonly #cache: RunCache;
  readonly #inputs: StepInputs;

  constructor(queries: EngineQueries, cache: RunCache, inputs: StepInputs) {
    this.#queries = queries;
    this.#cache = cache;
    this.#inputs = inputs;
  }

  /** Goes on with a run as far as the turn's budget allows. True when it has nothing left to do until something happens. */
  advance(turn: Turn, run: RunMemory): boolean {
    if (run.expansion !== null) this.#expand(turn, run, run.expansion);
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

  /** Reads the newest intent on a run: that it exists, or that it is to end. */
  notice(turn: Turn, runKey: number): RunMemory | null {
    this.#queries.runs.markNoticed(runKey);
    const run = this.#cache.open(runKey);
    const intent = run && this.#queries.runs.find(runKey);
    if (!run || !intent || intent.cancelRequestedAtMs === null || run.state === "canceling") return run;
    run.reason = canceledBy(intent.cancelRequestedBy);
    if (run.plan === null) {
      run.plan = planRun(run.index, run.expansion?.rows ?? [], true);
      run.expansion = null;
    }
    cancelPlan(run.plan);
    if (run.state === "running") this.moveRun(turn, run, "canceling");
    return run;
  }

  /** Moves a task in its row, in memory and in the turn's list of changes. Throws when the row is not what memory says. */
  moveTask(turn: Turn, run: RunMemory, task: PlannedTask, to: TaskState, reason: Reason | null): void {
    const from = task.state;
    const isMoved = this.#queries.tasks.move({
      key: task.key,
      from,
      to,
      reason,
      attempt: task.attempt,
      queuedAtMs: to === "queued" ? turn.nowMs : null,
      startedAtMs: to === "running" ? turn.nowMs : null,
      finishedAtMs: isTaskOver(to) ? turn.nowMs : null,
    });
    if (!isMoved || run.plan === null) throw new Error(`task ${task.path} is not ${from} any more`);
    applyMove(run.plan, task, to, reason);
    run.changed.set(task.key, to);
    turn.touched.add(run);
  }

  /** Moves a run in memory; its row follows at the end of the turn. */
  moveRun(turn: Turn, run: RunMemory, to: RunState): void {
    if (!RUN_MOVES[run.state].includes(to)) throw new Error(`the run cannot go from ${run.state} to ${to}`);
    run.state = to;
    if (to === "running") run.startedAtMs = turn.nowMs;
    if (isRunOver(to)) run.finishedAtMs = turn.nowMs;
    turn.touched.add(run);
  }

  /** Writes the rows and the events of all runs that this turn has touched. */
  flush(turn: Turn): void {
    for (const run of turn.touched) {
      try {
        this.#flushRun(turn, run);
      } catch (error) {
        throw storageTrouble(error) === null ? new RunTrouble(run.row.key, error) : error;
      }
      if (isRunOver(run.state)) this.#cache.forget(run.row.key);
    }
  }

  #flushRun(turn: Turn, run: RunMemory): void {
    const { runs, events } = this.#queries;
    const { key, id } = run.row;
    const isMoved = run.state !== run.storedState;
    if (isMoved) {
      const { reason, startedAtMs, finishedAtMs } = run;
      const move = { from: run.storedState, to: run.state, reason, startedAtMs, finishedAtMs };
      if (!runs.move(key, move, countsNow(run))) throw new Error(`run ${id} is not ${run.storedState} any more`);
      run.storedState = run.state;
    } else {
      runs.count(key, countsNow(run));
    }
    const tasks = [...run.changed].map(([task, state]) => ({ id: task, state }));
    events.insert(turn.nowMs, id, isMoved ? "state" : "tasks", {
      ...(isMoved && { state: run.state }),
      ...(tasks.length <= MAX_LISTED && { tasks }),
    });
    run.changed.clear();
  }

  /** Ends a run that the engine cannot read or go on with; what lives of it is stopped. */
  giveUp(turn: Turn, runKey: number, cause: unknown): void {
    const { runs, tasks, attempts, events } = this.#queries;
    this.#cache.forget(runKey);
    const row = runs.find(runKey);
    if (row === undefined || isRunOver(row.state)) return;
    const reason = internal(cause);
    tasks.endAll(runKey, RUN_CANCELED, turn.nowMs);
    for (const attemptKey of attempts.liveOfRun(runKey)) {
      attempts.markStopped(attemptKey, turn.nowMs);
      turn.effects.push({ do: "stop", attemptKey, graceMs: 0 });
    }
    const end = { from: row.state, to: "failed" as const, reason, startedAtMs: turn.nowMs, finishedAtMs: turn.nowMs };
    runs.move(runKey, end, tasks.countLeaves(runKey));
    runs.markNoticed(runKey);
    events.insert(turn.nowMs, row.id, "state", { state: "failed" });
  }

  #expand(turn: Turn, run: RunMemory, expansion: NonNullable<RunMemory["expansion"]>): void {
    const { initial } = run.index;
    for (; expansion.at < initial.length && turn.budget > 0; expansion.at += 1) {
      const step = initial[expansion.at];
      if (step === undefined || expansion.keys.has(step.path)) continue;
      turn.budget -= 1;
      const parentKey = step.parent === null ? null : (expansion.keys.get(step.parent) ?? null);
      const key = this.#queries.tasks.insert(run.row.key, parentKey, step.path, step, run.row.priority, turn.nowMs);
      const row: TaskRow = {
        key,
        path: step.path,
        stepPath: step.path,
        parentKey,
        state: "pending",
        reason: null,
        attempt: 0,
        finishedAtMs: null,
      };
      expansion.rows.push(row);
      expansion.keys.set(step.path, key);
      if (run.index.role(step) === "leaf") expansion.leaves += 1;
      run.changed.set(key, "pending");
    }
    turn.touched.add(run);
    if (expansion.at < initial.length) return;
    run.plan = planRun(run.index, expansion.rows, false);
    run.expansion = null;
  }

  #perform(turn: Turn, run: RunMemory, decision: Decision): void {
    const { task } = decision;
    switch (decision.do) {
      case "move":
        this.moveTask(turn, run, task, decision.to, decision.reason);
        break;
      case "queue":
        this.#enter(turn, run, task, "queued", WAITING_FOR_SLOT);
        break;
      case "open":
        this.#enter(turn, run, task, "running", null);
        break;
      case "close":
        if (decision.to === "succeeded") this.#inputs.passUp(run, task);
        this.moveTask(turn, run, task, decision.to, decision.reason);
        break;
      case "stop":
        this.#stop(turn, run, task);
        break;
      default:
        assertNever(decision);
    }
  }

  /** Resolves the inputs of a task that was reached; one whose inputs are missing fails where it stands. */
  #enter(turn: Turn, run: RunMemory, task: PlannedTask, to: "queued" | "running", reason: Reason | null): void {
    const problem = this.#inputs.resolve(run, task);
    if (problem === null) this.moveTask(turn, run, task, to, reason);
    else this.moveTask(turn, run, task, "failed", problem);
  }

  #stop(turn: Turn, run: RunMemory, task: PlannedTask): void {
    this.moveTask(turn, run, task, "canceling", RUN_CANCELED);
    const attemptKey = this.#queries.attempts.liveOfTask(run.row.key, task.key);
    if (attemptKey === undefined) throw new Error(`task ${task.path} runs without an attempt`);
    this.#queries.attempts.markStopped(attemptKey, turn.nowMs);
    turn.effects.push({ do: "stop", attemptKey, graceMs: this.#cache.context(run).profile.graceMs });
  }

  #finish(turn: Turn, run: RunMemory, end: "succeeded" | "failed" | "canceled"): void {
    if (run.state === "pending" && end !== "canceled") this.moveRun(turn, run, "running");
    if (run.state === "running" && end === "canceled") this.moveRun(turn, run, "canceling");
    if (end === "failed") {
      const first = this.#queries.runs.firstFailure(run.row.key);
      run.reason = first === undefined ? null : stepFailed(first);
    }
    this.#inputs.passOut(run);
    this.moveRun(turn, run, end);
  }
}
