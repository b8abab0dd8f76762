/** Conditions of lists as data: what the API and the Kubeflow filters say, before any SQL exists. */

export type Scalar = string | number;

/** One condition on an allow-listed field; conditions of a list are joined by AND. Moments are milliseconds, or whole seconds where the field says so. */
export type Predicate<Field extends string> =
  | {
      readonly field: Field;
      readonly operation: "eq" | "ne" | "gt" | "ge" | "lt" | "le";
      readonly value: Scalar | null;
    }
  | { readonly field: Field; readonly operation: "in"; readonly values: readonly Scalar[] }
  | { readonly field: Field; readonly operation: "contains"; readonly value: string };

export type RunField =
  | "id"
  | "name"
  | "description"
  | "state"
  | "archived"
  | "created"
  | "createdSecond"
  | "scheduledSecond"
  | "finishedSecond"
  | "experimentId"
  | "pipelineId"
  | "versionId"
  | "recurringRunId"
  /** Kubeflow's words for the states it went through, joined by commas. */
  | "history"
  /** A text that every row has empty. */
  | "nothing"
  | "search";
export type RunPredicate = Predicate<RunField>;

export type RunSortKey =
  | "created"
  | "finished"
  | "scheduled"
  | "name"
  | "duration"
  | "description"
  | "state"
  | "id"
  | "storage"
  | "experimentId"
  | "recurringRunId"
  | "history"
  | "nothing"
  | `metric:${string}`;

export type PipelineField = "id" | "name" | "displayName" | "description" | "createdSecond" | "search";
export type PipelinePredicate = Predicate<PipelineField>;
export type PipelineSortKey = "name" | "updated" | "created" | "displayName" | "description" | "id" | "nothing";

export type VersionField = "id" | "name" | "displayName" | "description" | "createdSecond" | "state" | "spec";
export type VersionPredicate = Predicate<VersionField>;
export type VersionSortKey = "number" | "name" | "displayName" | "created" | "description" | "id" | "state" | "spec";

export type ExperimentField = "id" | "name" | "description" | "createdSecond" | "lastRunSecond" | "archived" | "search";
export type ExperimentPredicate = Predicate<ExperimentField>;
export type ExperimentSortKey = "name" | "created" | "lastRun" | "description" | "id" | "storage" | "nothing";

export type RecurringRunField =
  | "id"
  | "name"
  | "description"
  | "createdSecond"
  | "updatedSecond"
  | "experimentId"
  | "pipelineId"
  | "enabled"
  | "search";
export type RecurringRunPredicate = Predicate<RecurringRunField>;
export type RecurringRunSortKey = "name" | "created" | "updated" | "next" | "description" | "id";

export type Direction = "asc" | "desc";

/** Where a page ended: the sort value of its last row and the row's key, which breaks ties. */
export interface PagePosition {
  readonly value: Scalar | null;
  /** What ordered that row among those of its value, before the key did. */
  readonly ties?: readonly Scalar[];
  readonly key: number;
}
