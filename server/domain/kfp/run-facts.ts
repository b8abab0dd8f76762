/** What placeholders may ask about a run and a task. */
import type { RunFacts } from "./placeholders";

/** Folder in that of a run which the steps of the run share. */
export const KFP_WORKSPACE = "kfp-workspace";

export interface FactsOfRun {
  readonly id: string;
  readonly name: string;
  readonly pipelineName: string;
  readonly createdAtMs: number;
  readonly scheduledAtMs: number;
}

/** The facts of one task; `root` is the folder of its run. */
export function runFacts(run: FactsOfRun, stepKey: string, taskKey: number, root: string): RunFacts {
  return {
    jobName: run.name,
    jobResourceName: `${run.pipelineName}-${run.id}`,
    jobId: run.id,
    taskName: stepKey,
    taskId: String(taskKey),
    createdAt: new Date(run.createdAtMs).toISOString(),
    scheduledAt: new Date(run.scheduledAtMs).toISOString(),
    pipelineRoot: root,
    workspacePath: `${root}/${KFP_WORKSPACE}`,
  };
}
