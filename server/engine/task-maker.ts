/** Makes the tasks of a run: those of its steps when it begins, and those of a loop's iterations as it reaches them. */
import type { EngineQueries } from "@/db/queries/engine";
import type { NewTask } from "@/db/queries/engine/tasks";
import { GROUP_KINDS, type Step, type StepKind } from "@/pipelines/graph";
import { instancePath } from "@/server/domain/planning/instance-path";
import { addTasks, planRun } from "@/server/domain/planning/make-plan";
import type { PlannedTask, TaskRow } from "@/server/domain/planning/run-plan";
import type { Expansion, RunMemory } from "./run-cache";
import type { Turn } from "./turn";

export class TaskMaker {
  readonly #queries: EngineQueries;

  constructor(queries: EngineQueries) {
    this.#queries = queries;
  }

  /** Makes tasks of the run's steps as far as the turn's budget allows; with the last one the run has its plan. */
  begin(turn: Turn, run: RunMemory, expansion: Expansion): void {
    const { initial } = run.index;
    for (; expansion.at < initial.length && turn.budget > 0; expansion.at += 1) {
      const step = initial[expansion.at];
      if (step === undefined || expansion.keys.has(step.path)) continue;
      turn.budget -= 1;
      const parentKey = step.parent === null ? null : (expansion.keys.get(step.parent) ?? null);
      const row = this.#begun(turn, run, this.#make(turn, run, step, step.path, parentKey, null));
      expansion.rows.push(row);
      expansion.keys.set(step.path, row.key);
      if (run.index.role(step, null) === "leaf") expansion.leaves += 1;
    }
    turn.touched.add(run);
    if (expansion.at < initial.length) return;
    run.plan = planRun(run.index, expansion.rows, null);
    run.expansion = null;
  }

  /** Makes one iteration of a loop with all that is in it, and answers its own task. */
  iterate(turn: Turn, run: RunMemory, loop: PlannedTask, iteration: number): PlannedTask {
    const { plan, index } = run;
    if (plan === null) throw new Error("a run without a plan has no loop");
    const path = `${loop.path}/[${iteration}]`;
    const first = this.#make(turn, run, loop.step, path, loop.key, iteration);
    const keys = new Map([[loop.step.path, first.key]]);
    const rows = [first];
    for (const step of index.bodyOf(loop.step)) {
      const own = instancePath(step.path, path);
      const row = this.#make(turn, run, step, own, keys.get(step.parent ?? "") ?? null, null);
      keys.set(step.path, row.key);
      rows.push(row);
    }
    turn.budget -= rows.length;
    turn.touched.add(run);
    addTasks(plan, rows);
    const task = plan.byKey.get(first.key);
    if (task === undefined) throw new Error(`iteration ${path} is not in the plan`);
    return task;
  }

  /** Ends the task of a step at once whose result is there from another run. */
  #begun(turn: Turn, run: RunMemory, row: TaskRow): TaskRow {
    const inherited = run.inherited.get(row.stepPath);
    if (inherited === undefined) return row;
    const { sourceKey, state, reason } = inherited;
    const { tasks, cache } = this.#queries;
    if (sourceKey !== null) cache.take(row.key, run.row.key, sourceKey, turn.nowMs);
    const moments = { startedAtMs: null, finishedAtMs: turn.nowMs };
    tasks.move({ key: row.key, from: "pending", to: state, reason, attempt: 0, ...moments });
    run.changed.set(row.key, state);
    return { ...row, state, reason, finishedAtMs: turn.nowMs };
  }

  #make(
    turn: Turn,
    run: RunMemory,
    step: Step,
    path: string,
    parentKey: number | null,
    iteration: number | null,
  ): TaskRow {
    const made: NewTask = {
      parentKey,
      path,
      stepPath: step.path,
      name: step.name,
      kind: kindOf(step, iteration),
      iteration,
    };
    const key = this.#queries.tasks.insert(run.row.key, made, turn.nowMs);
    run.changed.set(key, "pending");
    return {
      key,
      path,
      stepPath: step.path,
      parentKey,
      iteration,
      iterationCount: null,
      state: "pending",
      reason: null,
      attempt: 0,
      retryBase: 0,
      retrySinceMs: null,
      startedAtMs: null,
      finishedAtMs: null,
    };
  }
}

/** A loop's own task is one whatever it repeats; an iteration is what is repeated. */
function kindOf(step: Step, iteration: number | null): StepKind {
  if (step.loop === undefined) return step.kind;
  if (iteration === null) return "loop";
  return GROUP_KINDS.has(step.kind) ? "dag" : step.kind;
}
