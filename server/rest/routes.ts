/** The Kubeflow Pipelines API v2beta1 as far as it is served here: a table of its operations. */
import type { Call } from "./call";
import type { ErrorShape } from "./errors";
import * as experiments from "./experiments";
import type { JsonObject } from "./json";
import * as pipelines from "./pipelines";
import * as recurringRuns from "./recurring-runs";
import * as nodes from "./run-nodes";
import * as runs from "./runs";
import * as uploads from "./uploads";
import * as versions from "./versions";

export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Segments below `/apis/v2beta1` or another base; `{name}` takes any one, `:verb` ends the last. */
  readonly path: string;
  readonly base?: "/apis/v1alpha1";
  /** Fields of an answer, or an answer that is no JSON. */
  readonly answer: (call: Call) => JsonObject | Response | Promise<JsonObject | Response>;
  /** What an error of it begins with. */
  readonly fails: string;
  readonly shape?: ErrorShape;
}

const health = ({ context }: Call): JsonObject => ({
  commit_sha: "unknown",
  tag_name: context.version,
  multi_user: false,
  pipeline_store: "database",
});

export const ROUTES: readonly Route[] = [
  { method: "GET", path: "/healthz", answer: health, fails: "" },

  {
    method: "POST",
    path: "/pipelines/upload",
    answer: uploads.uploadPipeline,
    fails: "Failed to create a pipeline and a pipeline version",
    shape: "upload",
  },
  {
    method: "POST",
    path: "/pipelines/upload_version",
    answer: uploads.uploadVersion,
    fails: "Failed to create a pipeline version",
    shape: "upload",
  },
  { method: "GET", path: "/pipelines", answer: pipelines.listPipelines, fails: "Failed to list pipelines" },
  { method: "POST", path: "/pipelines", answer: pipelines.addPipeline, fails: "Failed to create a pipeline" },
  {
    method: "POST",
    path: "/pipelines/create",
    answer: pipelines.importPipeline,
    fails: "Failed to create a pipeline and a pipeline version",
  },
  {
    method: "GET",
    path: "/pipelines/names/{name}",
    answer: pipelines.getPipelineByName,
    fails: "Failed to get a pipeline by name",
  },
  { method: "GET", path: "/pipelines/{pipeline_id}", answer: pipelines.getPipeline, fails: "Failed to get a pipeline" },
  {
    method: "PATCH",
    path: "/pipelines/{pipeline_id}",
    answer: pipelines.changePipeline,
    fails: "Failed to update a pipeline",
  },
  {
    method: "DELETE",
    path: "/pipelines/{pipeline_id}",
    answer: pipelines.removePipeline,
    fails: "Failed to delete a pipeline",
  },
  {
    method: "GET",
    path: "/pipelines/{pipeline_id}/versions",
    answer: versions.listVersions,
    fails: "Failed to list pipeline versions",
  },
  {
    method: "POST",
    path: "/pipelines/{pipeline_id}/versions",
    answer: versions.importVersion,
    fails: "Failed to create a pipeline version",
  },
  {
    method: "GET",
    path: "/pipelines/{pipeline_id}/versions/{version_id}",
    answer: versions.getVersion,
    fails: "Failed to get a pipeline version",
  },
  {
    method: "PATCH",
    path: "/pipelines/{pipeline_id}/versions/{version_id}",
    answer: versions.changeVersion,
    fails: "Failed to update a pipeline version",
  },
  {
    method: "DELETE",
    path: "/pipelines/{pipeline_id}/versions/{version_id}",
    answer: versions.removeVersion,
    fails: "Failed to delete a pipeline version",
  },

  { method: "POST", path: "/experiments", answer: experiments.addExperiment, fails: "Failed to create an experiment" },
  { method: "GET", path: "/experiments", answer: experiments.listExperiments, fails: "Failed to list experiments" },
  {
    method: "GET",
    path: "/experiments/{experiment_id}",
    answer: experiments.getExperiment,
    fails: "Failed to get an experiment",
  },
  {
    method: "DELETE",
    path: "/experiments/{experiment_id}",
    answer: experiments.removeExperiment,
    fails: "Failed to delete an experiment",
  },
  {
    method: "POST",
    path: "/experiments/{experiment_id}:archive",
    answer: experiments.archive,
    fails: "Failed to archive an experiment",
  },
  {
    method: "POST",
    path: "/experiments/{experiment_id}:unarchive",
    answer: experiments.unarchive,
    fails: "Failed to unarchive an experiment",
  },

  { method: "POST", path: "/runs", answer: runs.createRun, fails: "Failed to create a run" },
  { method: "GET", path: "/runs", answer: runs.listRuns, fails: "Failed to list runs" },
  { method: "GET", path: "/runs/{run_id}", answer: runs.getRun, fails: "Failed to get a run" },
  { method: "DELETE", path: "/runs/{run_id}", answer: runs.removeRun, fails: "Failed to delete a run" },
  { method: "POST", path: "/runs/{run_id}:terminate", answer: runs.terminateRun, fails: "Failed to terminate a run" },
  { method: "POST", path: "/runs/{run_id}:retry", answer: runs.retry, fails: "Failed to retry a run" },
  { method: "POST", path: "/runs/{run_id}:archive", answer: runs.archive, fails: "Failed to archive a run" },
  { method: "POST", path: "/runs/{run_id}:unarchive", answer: runs.unarchive, fails: "Failed to unarchive a run" },
  {
    method: "GET",
    path: "/runs/{run_id}/nodes/{node_id}/artifacts/{name}:read",
    answer: nodes.readArtifact,
    fails: "Failed to read artifact",
    shape: "upload",
  },
  {
    method: "GET",
    base: "/apis/v1alpha1",
    path: "/runs/{run_id}/nodes/{node_id}/log",
    answer: nodes.readLog,
    fails: "Failed to read the log",
    shape: "upload",
  },

  {
    method: "POST",
    path: "/recurringruns",
    answer: recurringRuns.createRecurringRun,
    fails: "Failed to create a recurring run",
  },
  {
    method: "GET",
    path: "/recurringruns",
    answer: recurringRuns.listRecurringRuns,
    fails: "Failed to list recurring runs",
  },
  {
    method: "GET",
    path: "/recurringruns/{recurring_run_id}",
    answer: recurringRuns.getRecurringRun,
    fails: "Failed to get a recurring run",
  },
  {
    method: "DELETE",
    path: "/recurringruns/{recurring_run_id}",
    answer: recurringRuns.removeRecurringRun,
    fails: "Failed to delete a recurring run",
  },
  {
    method: "POST",
    path: "/recurringruns/{recurring_run_id}:enable",
    answer: recurringRuns.enable,
    fails: "Failed to enable a recurring run",
  },
  {
    method: "POST",
    path: "/recurringruns/{recurring_run_id}:disable",
    answer: recurringRuns.disable,
    fails: "Failed to disable a recurring run",
  },
];
