/** Whether what an earlier run left is still there: the files of results that are to be read again. */
import { existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { type EarlierRun, resultPlaces } from "@/db/queries/earlier-runs";
import type { Problem, StepPath } from "@/pipelines/graph";
import type { GraphIndex } from "@/server/domain/planning/graph-index";
import { ancestorsOf } from "@/server/domain/planning/neighbours";
import type { Context } from "../context";
import { refusal } from "./refusal";

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Why the results of these tasks cannot be read again: one problem per step, naming its outputs whose files are gone. */
export async function goneResults(
  context: Context,
  tasks: readonly { readonly key: number; readonly stepPath: string; readonly name: string }[],
  advice: string,
): Promise<Problem[]> {
  const places = resultPlaces(
    context.db,
    tasks.map((task) => task.key),
  );
  const gone = new Map<number, Set<string>>();
  for (const { task, output, path } of places) {
    if (path === null || (await isThere(join(context.dataDir.home, path)))) continue;
    gone.set(task, (gone.get(task) ?? new Set()).add(output));
  }
  return tasks.flatMap(({ key, stepPath, name }): Problem[] => {
    const outputs = gone.get(key);
    if (outputs === undefined) return [];
    const named = [...outputs].map((output) => `"${output}"`).join(", ");
    const message = `The files of ${named} that step "${name}" left are gone. ${advice}`;
    return [{ ...refusal(stepPath, "result-gone", message), step: stepPath }];
  });
}

/** Steps whose files isolated Elyra steps are given without naming them: every one that stands before a step that runs. */
export function isReadBy(
  index: GraphIndex,
  run: EarlierRun,
  runs: (step: StepPath) => boolean,
): (step: StepPath) => boolean {
  if (run.format !== "elyra" || run.fileMode !== "isolated") return () => false;
  const running = index.graph.steps.map(({ path }) => path).filter(runs);
  const read = ancestorsOf(index, running);
  return (step) => read.has(step);
}

/** Why the workspace in which a run's steps left files for each other cannot be gone on with. */
export function goneWorkspace(context: Context, run: EarlierRun): Problem[] {
  const isShared = run.format === "elyra" && run.fileMode === "shared";
  if (!isShared || existsSync(context.dataDir.workspace(run.key))) return [];
  const message = `The files that the steps of run "${run.name}" left for each other are gone. Start a new run.`;
  return [refusal("files", "workspace-gone", message)];
}
