/** What clients may ask of comparisons: one zod schema per request. */
import { z } from "zod";
import { METRIC_GOALS, MOST_COMPARED } from "../views/compare";
import { Id, MetricName, StepPath } from "./shared";

const ComparedIds = z
  .array(Id)
  .min(1, "Choose at least one run.")
  .max(MOST_COMPARED, `At most ${MOST_COMPARED} runs are compared at once. Take one out first.`)
  .refine((ids) => new Set(ids).size === ids.length, "A run is compared once; one of these is named twice.");

export const CompareRunsInput = z.object({ runs: ComparedIds });
export type CompareRunsInput = z.infer<typeof CompareRunsInput>;

/** A metric of these runs over its index; `step` null for one that was reported of the run as a whole. */
export const CompareSeriesInput = z.object({ runs: ComparedIds, name: MetricName, step: StepPath.nullable() });
export type CompareSeriesInput = z.infer<typeof CompareSeriesInput>;

export const CompareArtifactsInput = z.object({
  runs: ComparedIds,
  step: StepPath,
  name: z.string().min(1).max(1_024),
});
export type CompareArtifactsInput = z.infer<typeof CompareArtifactsInput>;

export const CompareVersionsInput = z.object({ from: Id, to: Id });
export type CompareVersionsInput = z.infer<typeof CompareVersionsInput>;

/** Sets or, with null, forgets what a metric's values are worth. */
export const SetMetricGoalInput = z.object({
  pipelineName: z.string().min(1).max(1_024),
  name: MetricName,
  goal: z.enum(METRIC_GOALS).nullable(),
});
export type SetMetricGoalInput = z.infer<typeof SetMetricGoalInput>;
