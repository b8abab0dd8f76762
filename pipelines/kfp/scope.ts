/** One graph of a spec as the checks see it, and the lookup of what a task of it gives. */
import type { Problem } from "../graph";
import { shorten } from "../text/limits";
import type { ComponentSpec, PipelineSpec, TaskSpec } from "./spec";

/** Notes a problem; an error unless it says otherwise. */
export type Report = (rule: string, place: string, message: string, severity?: Problem["severity"]) => void;

/** One graph with its tasks, and what is needed to judge them. */
export interface Scope {
  readonly spec: PipelineSpec;
  readonly component: ComponentSpec;
  readonly tasks: ReadonlyMap<string, TaskSpec>;
  readonly place: string;
  readonly report: Report;
}

/** Reports a producer that is not in this graph, or an output that it does not declare. */
export function checkOutput(
  scope: Scope,
  place: string,
  kind: "parameters" | "artifacts",
  producer: string | undefined,
  output: string | undefined,
): void {
  const task = scope.tasks.get(producer ?? "");
  if (task === undefined) {
    scope.report("unknown-producer", place, `The task "${shorten(producer ?? "")}" is not in the same graph.`);
    return;
  }
  const component = scope.spec.components?.get(task.componentRef?.name ?? "");
  if (component === undefined || component.outputDefinitions?.[kind]?.has(output ?? "") === true) return;
  const what = kind === "parameters" ? "output parameter" : "output artifact";
  scope.report(
    "unknown-output",
    place,
    `The task "${shorten(producer ?? "")}" has no ${what} "${shorten(output ?? "")}".`,
  );
}
