/** The order in which steps can be forecast: each after what it waits for, a group before and after what it holds. */
import type { Step, StepPath } from "@/pipelines/graph";
import type { GraphIndex } from "../planning/graph-index";

export interface Visit {
  readonly step: Step;
  /** A group is entered before its children and left after them; a leaf is entered alone. */
  readonly at: "enter" | "leave";
}

/** These steps in order, without recursion: chains may be thousands of steps long. */
export function forecastOrder(steps: readonly Step[], { children }: Pick<GraphIndex, "children">): Visit[] {
  const byPath = new Map(steps.map((step) => [step.path, step]));
  const done = new Set<string>();
  const order: Visit[] = [];
  const nameOf = ({ step, at }: Visit): string => `${at} ${step.path}`;
  const ending = (path: StepPath): Visit[] => {
    const step = byPath.get(path);
    return step === undefined ? [] : [{ step, at: step.body.body === "group" ? "leave" : "enter" }];
  };
  const before = ({ step, at }: Visit): Visit[] => {
    if (at === "leave")
      return [{ step, at: "enter" }, ...(children.get(step.path) ?? []).flatMap((child) => ending(child.path))];
    const parent = step.parent === null ? undefined : byPath.get(step.parent);
    return [
      ...(parent === undefined ? [] : [{ step: parent, at: "enter" as const }]),
      ...step.dependsOn.flatMap(ending),
    ];
  };
  const agenda: { readonly visit: Visit; readonly isReady: boolean }[] = steps
    .flatMap((step) => ending(step.path))
    .reverse()
    .map((visit) => ({ visit, isReady: false }));
  for (let next = agenda.pop(); next !== undefined; next = agenda.pop()) {
    const { visit, isReady } = next;
    const name = nameOf(visit);
    if (isReady) order.push(visit);
    if (isReady || done.has(name)) continue;
    done.add(name);
    agenda.push({ visit, isReady: true });
    for (const one of before(visit)) if (!done.has(nameOf(one))) agenda.push({ visit: one, isReady: false });
  }
  return order;
}
