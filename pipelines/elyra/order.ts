/** Orders the steps of a `.pipeline` and finds the circles that make this impossible. */
import type { StepPath } from "../graph";
import type { Dependencies } from "./links";
import type { ProblemList } from "./problems";
import { displayName, type ScopedNode } from "./scopes";

/** More circles than these help nobody. */
const MOST_CIRCLES = 20;

/** What must be settled before a step: its dependencies, and for a super node what is inside it. */
function settledBefore(
  path: StepPath,
  dependencies: Dependencies,
  children: ReadonlyMap<StepPath, readonly StepPath[]>,
): readonly StepPath[] {
  return [...(dependencies.get(path) ?? []), ...(children.get(path) ?? [])];
}

/**
 * Depth first in file order, as Elyra's local processor runs them; a super node stands before what is inside it.
 * Steps in a circle are reported by name and come out in file order.
 */
export function orderSteps(
  steps: readonly ScopedNode[],
  dependencies: Dependencies,
  children: ReadonlyMap<StepPath, readonly StepPath[]>,
  problems: ProblemList,
): readonly ScopedNode[] {
  const byPath = new Map(steps.map((step) => [step.path, step]));
  const state = new Map<StepPath, "open" | "done">();
  const ordered = new Set<ScopedNode>();
  const reported = new Set<StepPath>();
  let circles = 0;

  function place(step: ScopedNode): void {
    const owners: ScopedNode[] = [];
    for (let owner = step.scope.owner; owner !== null; owner = owner.scope.owner) owners.unshift(owner);
    for (const each of [...owners, step]) ordered.add(each);
  }

  const open = (path: StepPath) => ({ path, next: 0, before: settledBefore(path, dependencies, children) });

  for (const first of steps) {
    const stack = [open(first.path)];
    if (state.has(first.path)) continue;
    state.set(first.path, "open");
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const before = top.before[top.next];
      top.next += 1;
      if (before === undefined) {
        state.set(top.path, "done");
        const step = byPath.get(top.path);
        if (step !== undefined) place(step);
        stack.pop();
      } else if (state.get(before) === undefined) {
        state.set(before, "open");
        stack.push(open(before));
      } else if (state.get(before) === "open" && circles < MOST_CIRCLES) {
        const circle = stack.slice(stack.findIndex((entry) => entry.path === before)).map((entry) => entry.path);
        if (circle.some((path) => reported.has(path))) continue;
        for (const path of circle) reported.add(path);
        circles += 1;
        reportCircle(circle, byPath, problems);
      }
    }
  }
  return [...ordered];
}

function reportCircle(
  circle: readonly StepPath[],
  byPath: ReadonlyMap<StepPath, ScopedNode>,
  problems: ProblemList,
): void {
  const steps = circle.flatMap((path) => byPath.get(path) ?? []).reverse();
  const names = steps.map((step) => displayName(step.node));
  const unique = new Set(names).size === names.length;
  const shown = steps.map((step, index) => (unique ? names[index] : `${names[index]} (${step.id})`));
  const round =
    shown.length > 12 ? [...shown.slice(0, 10), `… ${shown.length - 11} more …`, ...shown.slice(-1)] : shown;
  const first = steps[0];
  problems.error(
    "upload",
    "circular-reference",
    first === undefined ? "pipelines" : first.at,
    `These nodes wait for each other in a circle: ${[...round, round[0]].join(" → ")}. Delete one of the links between them.`,
    first?.path,
  );
}
