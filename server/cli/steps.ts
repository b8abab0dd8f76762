/** Steps as people name them, and what a plan does with each. */
import type { PipelineGraph } from "@/pipelines/graph";
import type { RunPlanView } from "@/server/domain/views/run-plan";
import type { Connection } from "./connection";
import { EXIT, refused } from "./exit";
import type { Output } from "./output";
import { planShape } from "./shapes";

/** The path of a step given by path, key or name. */
export function findStep({ steps }: PipelineGraph, given: string): string {
  const ways: readonly ((step: PipelineGraph["steps"][number]) => boolean)[] = [
    (step) => step.path === given,
    (step) => step.key === given,
    (step) => step.name === given,
  ];
  for (const way of ways) {
    const [step, ...others] = steps.filter(way);
    if (step === undefined) continue;
    if (others.length === 0) return step.path;
    const paths = [step, ...others].map(({ path }) => path).join(", ");
    throw refused(`${given} may be any of ${paths}. Give the path.`);
  }
  throw refused(`There is no step ${given}. The steps: ${steps.map(({ name }) => name).join(", ")}`);
}

/** Reads a version's graph only where a step was named. */
export async function stepOf(
  { api }: Connection,
  versionId: string,
  given: string | undefined,
): Promise<string | null> {
  if (given === undefined) return null;
  return findStep((await api.pipelines.versionById.query({ versionId })).graph, given);
}

/** The paths of steps given by path, key or name. */
export async function stepsOf(
  { api }: Connection,
  versionId: string,
  given: readonly string[] = [],
): Promise<string[]> {
  if (given.length === 0) return [];
  const { graph } = await api.pipelines.versionById.query({ versionId });
  return given.map((one) => findStep(graph, one));
}

/** Prints what would become of each step; 2 when it cannot be done. */
export function printPlan(output: Output, plan: RunPlanView): number {
  const rows = plan.steps.map(({ does, name, why }) => [does, name, why]);
  const refusals = plan.refusals.map(({ message }) => `It cannot be done: ${message}`);
  const table = rows.length === 0 ? [] : [output.table([["DOES", "STEP", "WHY"], ...rows])];
  output.print(planShape(plan), [...refusals, ...table].join("\n"));
  return plan.refusals.length === 0 ? EXIT.ok : EXIT.refused;
}
