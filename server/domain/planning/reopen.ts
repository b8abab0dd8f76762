/** A retry of a run: which of its tasks go back to pending, and which results they need of those that stay. */
import type { StepPath } from "@/pipelines/graph";
import { listsByKey } from "@/server/domain/lists-by-key";
import type { Reason } from "@/server/domain/reason";
import type { TaskState } from "@/server/domain/states";
import type { GraphIndex } from "./graph-index";
import { instancePath } from "./instance-path";

/** A task of a run that is over. */
export interface EndedTask {
  readonly key: number;
  readonly path: string;
  readonly stepPath: StepPath;
  readonly parentKey: number | null;
  /** Set for the task of one iteration; the loop's own task has none. */
  readonly iteration: number | null;
  readonly state: TaskState;
  readonly reason: Reason | null;
}

/** Why a task is reopened; `path` is the task it follows from. */
export interface ReopenCause {
  readonly because: "failed" | "canceled" | "omitted" | "inside" | "after" | "around";
  readonly path: string;
}

export interface Reopening {
  /** Tasks that go back to pending, by key. */
  readonly tasks: ReadonlyMap<number, ReopenCause>;
  /** Those of them that begin anew with everything inside: a loop among them may find other items. */
  readonly whole: ReadonlySet<number>;
  /** Tasks that stay and that reopened ones wait for: their results are read again. */
  readonly needed: ReadonlySet<number>;
}

/** Why a task is tried again for its own sake; null for one that came to its end, or that a condition left out. */
function ownCause({ state, reason, path }: EndedTask): ReopenCause | null {
  if (state === "failed" || state === "canceled") return { because: state, path };
  return state === "omitted" && reason?.code !== "upstream-skipped" ? { because: "omitted", path } : null;
}

interface Relations {
  readonly byKey: ReadonlyMap<number, EndedTask>;
  readonly children: ReadonlyMap<number, readonly EndedTask[]>;
  readonly dependants: ReadonlyMap<number, readonly EndedTask[]>;
}

function relate(tasks: readonly EndedTask[], index: GraphIndex): Relations {
  const byKey = new Map(tasks.map((task) => [task.key, task]));
  const byPath = new Map(tasks.map((task) => [task.path, task]));
  const children = listsByKey(
    tasks.flatMap((task) => (task.parentKey === null ? [] : [[task.parentKey, task] as const])),
  );
  const dependants = listsByKey(
    tasks.flatMap((task) => {
      // An iteration waits for nothing by itself: its loop does.
      const steps = task.iteration === null ? (index.steps.get(task.stepPath)?.dependsOn ?? []) : [];
      return steps.flatMap((step) => {
        const dependency = byPath.get(instancePath(step, task.path));
        return dependency === undefined ? [] : [[dependency.key, task] as const];
      });
    }),
  );
  return { byKey, children, dependants };
}

/**
 * Decides what a retry runs again: what failed, was canceled, or was left out because of that; then, at every level,
 * what waited for any of these, whatever became of it, and the groups around them. Of a loop only the iterations that
 * did not succeed run again, unless the loop itself waited for something that does.
 */
export function tasksToReopen(tasks: readonly EndedTask[], index: GraphIndex): Reopening {
  const { byKey, children, dependants } = relate(tasks, index);
  const reopened = new Map<number, ReopenCause>();
  const whole = new Set<number>();
  const agenda: { readonly task: EndedTask; readonly cause: ReopenCause; readonly isWhole: boolean }[] = [];
  for (const task of tasks) {
    const cause = ownCause(task);
    if (cause !== null) agenda.push({ task, cause, isWhole: false });
  }
  // The agenda grows while it is walked; the oldest first, so that each task is told its nearest cause.
  for (const { task, cause, isWhole } of agenda) {
    const isKnown = reopened.has(task.key);
    if (isKnown && (!isWhole || whole.has(task.key))) continue;
    if (!isKnown) reopened.set(task.key, cause);
    const { path } = task;
    if (isWhole) {
      whole.add(task.key);
      for (const child of children.get(task.key) ?? []) {
        agenda.push({ task: child, cause: { because: "inside", path }, isWhole: true });
      }
    }
    if (isKnown) continue;
    for (const after of dependants.get(task.key) ?? []) {
      agenda.push({ task: after, cause: { because: "after", path }, isWhole: true });
    }
    const around = task.parentKey === null ? undefined : byKey.get(task.parentKey);
    if (around !== undefined) agenda.push({ task: around, cause: { because: "around", path }, isWhole: false });
  }
  const needed = new Set<number>();
  for (const [key, waiting] of dependants) {
    if (!reopened.has(key) && waiting.some((task) => reopened.has(task.key))) needed.add(key);
  }
  return { tasks: reopened, whole, needed };
}
