/** The Kubeflow Pipelines API v2beta1 as far as it is served here: a table of its operations. */
import type { Call } from "./call";
import type { ErrorShape } from "./errors";
import * as experiments from "./experiments";
import type { JsonObject } from "./json";
import * as pipelines from "./pipelines";
import * as runs from "./runs";
import * as uploads from "./uploads";

export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** Segments below `/apis/v2beta1`; `{name}` takes any one, `:verb` ends the last. */
  readonly path: string;
  readonly answer: (call: Call) => JsonObject | Promise<JsonObject>;
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
  {
    method: "GET",
    path: "/pipelines/names/{name}",
    answer: pipelines.getPipelineByName,
    fails: "Failed to get a pipeline by name",
  },
  { method: "GET", path: "/pipelines/{pipeline_id}", answer: pipelines.getPipeline, fails: "Failed to get a pipeline" },
  {
    method: "DELETE",
    path: "/pipelines/{pipeline_id}",
    answer: pipelines.removePipeline,
    fails: "Failed to delete a pipeline",
  },
  {
    method: "GET",
    path: "/pipelines/{pipeline_id}/versions",
    answer: pipelines.listVersions,
    fails: "Failed to list pipeline versions",
  },
  {
    method: "GET",
    path: "/pipelines/{pipeline_id}/versions/{version_id}",
    answer: pipelines.getVersion,
    fails: "Failed to get a pipeline version",
  },
  {
    method: "DELETE",
    path: "/pipelines/{pipeline_id}/versions/{version_id}",
    answer: pipelines.removeVersion,
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
  { method: "POST", path: "/runs/{run_id}:archive", answer: runs.archive, fails: "Failed to archive a run" },
  { method: "POST", path: "/runs/{run_id}:unarchive", answer: runs.unarchive, fails: "Failed to unarchive a run" },
];
