/** The JSON shapes of Kubeflow's messages: every field with its type, and which message each operation answers with. */

const RUNTIME_STATES = ["PENDING", "RUNNING", "SUCCEEDED", "SKIPPED", "FAILED", "CANCELING", "CANCELED", "PAUSED"];
const STORAGE_STATES = ["AVAILABLE", "ARCHIVED"];

/** `time` is RFC 3339 in UTC, `int64` a text of digits, `json` whatever a user may have put there. */
export type Kind =
  | "string"
  | "time"
  | "int32"
  | "int64"
  | "bool"
  | "json"
  | { readonly oneOf: readonly string[] }
  | { readonly list: Kind }
  | { readonly map: Kind }
  | { readonly message: string };

/** A trailing `!` at the name says that the field is always there. */
type Fields = { readonly [name: string]: Kind };

const message = (name: string): Kind => ({ message: name });
const listOf = (name: string): Kind => ({ list: message(name) });

const page = (key: string, name: string): Fields => ({
  [key]: listOf(name),
  total_size: "int32",
  next_page_token: "string",
});

export const MESSAGES: { readonly [name: string]: Fields } = {
  Empty: {},
  Health: { commit_sha: "string", tag_name: "string", "multi_user!": "bool", pipeline_store: "string" },
  Status: { code: "int32", message: "string", details: { list: "json" } },
  Pipeline: {
    "pipeline_id!": "string",
    "name!": "string",
    "display_name!": "string",
    description: "string",
    "created_at!": "time",
    namespace: "string",
    tags: { map: "string" },
    error: message("Status"),
  },
  PipelineVersion: {
    "pipeline_id!": "string",
    "pipeline_version_id!": "string",
    "name!": "string",
    "display_name!": "string",
    description: "string",
    "created_at!": "time",
    package_url: message("Url"),
    code_source_url: "string",
    pipeline_spec: "json",
    tags: { map: "string" },
    error: message("Status"),
  },
  Url: { pipeline_url: "string" },
  Experiment: {
    "experiment_id!": "string",
    "display_name!": "string",
    description: "string",
    "created_at!": "time",
    namespace: "string",
    "storage_state!": { oneOf: STORAGE_STATES },
    "last_run_created_at!": "time",
  },
  Run: {
    "experiment_id!": "string",
    "run_id!": "string",
    "display_name!": "string",
    "storage_state!": { oneOf: STORAGE_STATES },
    description: "string",
    pipeline_spec: "json",
    pipeline_version_reference: message("PipelineVersionReference"),
    runtime_config: message("RuntimeConfig"),
    "service_account!": "string",
    "created_at!": "time",
    "scheduled_at!": "time",
    "finished_at!": "time",
    "state!": { oneOf: RUNTIME_STATES },
    error: message("Status"),
    run_details: message("RunDetails"),
    recurring_run_id: "string",
    "state_history!": listOf("RuntimeStatus"),
    plugins_input: { map: "json" },
    plugins_output: { map: message("PluginOutput") },
  },
  PipelineVersionReference: { pipeline_id: "string", pipeline_version_id: "string" },
  RuntimeConfig: { parameters: { map: "json" }, pipeline_root: "string" },
  RuntimeStatus: { "update_time!": "time", "state!": { oneOf: RUNTIME_STATES }, error: message("Status") },
  PluginOutput: { entries: { map: "json" }, state: "string", state_message: "string" },
  RunDetails: {
    pipeline_context_id: "int64",
    pipeline_run_context_id: "int64",
    task_details: listOf("PipelineTaskDetail"),
  },
  PipelineTaskDetail: {
    "run_id!": "string",
    "task_id!": "string",
    "display_name!": "string",
    "create_time!": "time",
    start_time: "time",
    end_time: "time",
    executor_detail: "json",
    "state!": { oneOf: RUNTIME_STATES },
    execution_id: "int64",
    error: message("Status"),
    inputs: { map: message("ArtifactList") },
    outputs: { map: message("ArtifactList") },
    parent_task_id: "string",
    "state_history!": listOf("RuntimeStatus"),
    pod_name: "string",
    child_tasks: listOf("ChildTask"),
  },
  ArtifactList: { artifact_ids: { list: "int64" } },
  ChildTask: { task_id: "string", pod_name: "string" },
  RecurringRun: {
    "recurring_run_id!": "string",
    "display_name!": "string",
    description: "string",
    pipeline_spec: "json",
    pipeline_version_reference: message("PipelineVersionReference"),
    runtime_config: message("RuntimeConfig"),
    service_account: "string",
    "max_concurrency!": "int64",
    "trigger!": message("Trigger"),
    "mode!": { oneOf: ["ENABLE", "DISABLE"] },
    "created_at!": "time",
    "updated_at!": "time",
    "status!": { oneOf: ["ENABLED", "DISABLED"] },
    error: message("Status"),
    no_catchup: "bool",
    namespace: "string",
    "experiment_id!": "string",
    plugins_input: { map: "json" },
  },
  Trigger: { cron_schedule: message("CronSchedule"), periodic_schedule: message("PeriodicSchedule") },
  CronSchedule: { start_time: "time", end_time: "time", cron: "string" },
  PeriodicSchedule: { start_time: "time", end_time: "time", interval_second: "int64" },
  ListPipelines: page("pipelines", "Pipeline"),
  ListPipelineVersions: page("pipeline_versions", "PipelineVersion"),
  ListExperiments: page("experiments", "Experiment"),
  ListRuns: page("runs", "Run"),
  ListRecurringRuns: page("recurringRuns", "RecurringRun"),
  Artifact: { data: "string" },
};

/** What each operation answers with, by its method and its path in the table of routes. */
export const ANSWERS: { readonly [operation: string]: string } = {
  "GET /healthz": "Health",
  "POST /pipelines/upload": "Pipeline",
  "POST /pipelines/upload_version": "PipelineVersion",
  "GET /pipelines": "ListPipelines",
  "POST /pipelines": "Pipeline",
  "POST /pipelines/create": "Pipeline",
  "GET /pipelines/names/{name}": "Pipeline",
  "GET /pipelines/{pipeline_id}": "Pipeline",
  "PATCH /pipelines/{pipeline_id}": "Pipeline",
  "DELETE /pipelines/{pipeline_id}": "Empty",
  "GET /pipelines/{pipeline_id}/versions": "ListPipelineVersions",
  "POST /pipelines/{pipeline_id}/versions": "PipelineVersion",
  "GET /pipelines/{pipeline_id}/versions/{version_id}": "PipelineVersion",
  "PATCH /pipelines/{pipeline_id}/versions/{version_id}": "PipelineVersion",
  "DELETE /pipelines/{pipeline_id}/versions/{version_id}": "Empty",
  "POST /experiments": "Experiment",
  "GET /experiments": "ListExperiments",
  "GET /experiments/{experiment_id}": "Experiment",
  "DELETE /experiments/{experiment_id}": "Empty",
  "POST /experiments/{experiment_id}:archive": "Empty",
  "POST /experiments/{experiment_id}:unarchive": "Empty",
  "POST /runs": "Run",
  "GET /runs": "ListRuns",
  "GET /runs/{run_id}": "Run",
  "DELETE /runs/{run_id}": "Empty",
  "POST /runs/{run_id}:terminate": "Empty",
  "POST /runs/{run_id}:retry": "Empty",
  "POST /runs/{run_id}:archive": "Empty",
  "POST /runs/{run_id}:unarchive": "Empty",
  "POST /recurringruns": "RecurringRun",
  "GET /recurringruns": "ListRecurringRuns",
  "GET /recurringruns/{recurring_run_id}": "RecurringRun",
  "DELETE /recurringruns/{recurring_run_id}": "Empty",
  "POST /recurringruns/{recurring_run_id}:enable": "Empty",
  "POST /recurringruns/{recurring_run_id}:disable": "Empty",
  "GET /runs/{run_id}/nodes/{node_id}/artifacts/{name}:read": "Artifact",
};
