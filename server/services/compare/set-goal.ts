/** Says which way a metric is better, and which run the others of an experiment are measured against. */
import { putGoal, removeGoal } from "@/db/queries/compare-metrics";
import { addEvent } from "@/db/queries/events";
import { setExperimentBaseline } from "@/db/queries/experiment-rows";
import type { SetMetricGoalInput } from "@/server/domain/inputs/compare";
import type { SetBaselineInput } from "@/server/domain/inputs/experiments";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";
import { experimentRow } from "../experiments/get-experiment";
import { write } from "../grouped-writes";
import { runRow } from "../runs/get-run";

/** Stores the goal of a metric for every run of the pipeline, or forgets it. */
export async function setMetricGoal(context: Context, input: SetMetricGoalInput): Promise<SetMetricGoalInput> {
  const { pipelineName, name, goal } = input;
  await write(context.db, (tx) => {
    if (goal === null) removeGoal(tx, { pipelineName, name });
    else putGoal(tx, { pipelineName, name, goal });
    addEvent(tx, { at: context.now(), topic: "pipeline", subject: null, kind: "metric-goal" });
  });
  return input;
}

/** Makes a run the baseline of its experiment. Throws `not-found`, or `invalid` for a run of another experiment. */
export async function setBaseline(context: Context, input: SetBaselineInput): Promise<SetBaselineInput> {
  const { experimentId, runId } = input;
  await write(context.db, (tx) => {
    const { key } = experimentRow(context, experimentId);
    const run = runId === null ? null : runRow(context, runId);
    if (run !== null && run.experimentId !== experimentId) {
      throw new ProblemError(
        "invalid",
        `Run ${run.name} belongs to the experiment ${run.experimentName}, not to this.`,
      );
    }
    setExperimentBaseline(tx, key, run?.key ?? null);
    addEvent(tx, { at: context.now(), topic: "experiment", subject: experimentId, kind: "baseline" });
  });
  return input;
}
