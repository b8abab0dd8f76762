/** Conditions of lists as data: what the API and the Kubeflow filters say, before any SQL exists. */

export type Scalar = string | number;

/** One condition on an allow-listed field; conditions of a list are joined by AND. Moments are milliseconds. */
export type Predicate<Field extends string> =
  | {
      readonly field: Field;
      readonly operation: "eq" | "ne" | "gt" | "ge" | "lt" | "le";
      readonly value: Scalar | null;
    }
  | { readonly field: Field; readonly operation: "in"; readonly values: readonly Scalar[] }
  | { readonly field: Field; readonly operation: "contains"; readonly value: string };

export const RUN_FIELDS = [
  "id",
  "name",
  "description",
  "state",
  "archived",
  "created",
  "scheduled",
  "finished",
  "experimentId",
  "pipelineId",
  "versionId",
  "recurringRunId",
  "search",
] as const;
export type RunField = (typeof RUN_FIELDS)[number];
export type RunPredicate = Predicate<RunField>;

export const RUN_SORTS = [
  "created",
  "finished",
  "scheduled",
  "name",
  "duration",
  "description",
  "state",
  "id",
  "archived",
] as const;
export type RunSortKey = (typeof RUN_SORTS)[number];

export const PIPELINE_FIELDS = ["id", "name", "displayName", "description", "created", "updated", "search"] as const;
export type PipelineField = (typeof PIPELINE_FIELDS)[number];
export type PipelinePredicate = Predicate<PipelineField>;
export const PIPELINE_SORTS = ["name", "updated", "created", "displayName", "description", "id"] as const;
export type PipelineSortKey = (typeof PIPELINE_SORTS)[number];

export const VERSION_FIELDS = ["id", "name", "displayName", "description", "created", "state"] as const;
export type VersionField = (typeof VERSION_FIELDS)[number];
export type VersionPredicate = Predicate<VersionField>;
export const VERSION_SORTS = ["number", "name", "displayName", "created", "description", "id", "state"] as const;
export type VersionSortKey = (typeof VERSION_SORTS)[number];

export const EXPERIMENT_FIELDS = ["id", "name", "description", "created", "lastRun", "archived", "search"] as const;
export type ExperimentField = (typeof EXPERIMENT_FIELDS)[number];
export type ExperimentPredicate = Predicate<ExperimentField>;
export const EXPERIMENT_SORTS = ["name", "created", "lastRun", "description", "id", "archived"] as const;
export type ExperimentSortKey = (typeof EXPERIMENT_SORTS)[number];

export type Direction = "asc" | "desc";

/** Where a page ended: the sort value of its last row and the row's key, which breaks ties. */
export interface PagePosition {
  readonly value: Scalar | null;
  readonly key: number;
}
