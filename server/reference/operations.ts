/** What the operations of Kubeflow's API are for and what they take, by method and path in the table of routes. */

export interface Parameter {
  readonly name: string;
  readonly about: string;
  readonly type?: "string" | "integer" | "boolean";
}

export interface Described {
  readonly summary: string;
  /** What a reader should know beyond the summary. */
  readonly note?: string;
  readonly query?: readonly Parameter[];
  /** The message that the body holds; `upload` is a form with a file. */
  readonly body?: string;
}

const PAGING: readonly Parameter[] = [
  { name: "page_size", about: "Items on a page: 20 where it is left out or 0, at most 200.", type: "integer" },
  { name: "page_token", about: "The next_page_token of the page before, with the same sort and filter." },
  { name: "sort_by", about: "A field, then asc or desc: created_at desc." },
  {
    name: "filter",
    about: 'JSON of predicates that all hold: {"predicates":[{"key":"name","operation":"EQUALS","string_value":"x"}]}.',
  },
];
const NAMESPACE: Parameter = { name: "namespace", about: "Taken and ignored: there is one." };
const UPLOAD: readonly Parameter[] = [
  { name: "name", about: "Its name; the file's where it is left out." },
  { name: "display_name", about: "The name that is shown." },
  { name: "description", about: "What it is for." },
  { name: "tags", about: "A JSON object of texts." },
  { name: "code_source_url", about: "Where the source is, on the version." },
];

export const OPERATIONS: { readonly [operation: string]: Described } = {
  "GET /healthz": { summary: "Says that the server answers", note: "The only operation that needs no token." },
  "POST /pipelines/upload": {
    summary: "Upload a pipeline",
    note: "A .yaml, .json, .zip, .tar.gz, .pipeline or .ipynb; the pipeline and its first version are made together.",
    query: [...UPLOAD, NAMESPACE],
    body: "upload",
  },
  "POST /pipelines/upload_version": {
    summary: "Upload a version of a pipeline",
    query: [{ name: "pipelineid", about: "The pipeline that gets it." }, ...UPLOAD],
    body: "upload",
  },
  "GET /pipelines": { summary: "List pipelines", query: [...PAGING, NAMESPACE] },
  "POST /pipelines": { summary: "Make a pipeline without a version", body: "Pipeline" },
  "POST /pipelines/create": {
    summary: "Make a pipeline with a version by address",
    note: "Import by address is switched off: a body with package_url is answered with 400.",
    body: "json",
  },
  "GET /pipelines/names/{name}": { summary: "Get a pipeline by its name", query: [NAMESPACE] },
  "GET /pipelines/{pipeline_id}": { summary: "Get a pipeline" },
  "PATCH /pipelines/{pipeline_id}": { summary: "Change shown name and tags of a pipeline", body: "Pipeline" },
  "DELETE /pipelines/{pipeline_id}": {
    summary: "Delete a pipeline",
    note: "Its runs stay.",
    query: [
      {
        name: "cascade",
        about: "Also delete its versions; without it a pipeline that has any stays.",
        type: "boolean",
      },
    ],
  },
  "GET /pipelines/{pipeline_id}/versions": { summary: "List the versions of a pipeline", query: PAGING },
  "POST /pipelines/{pipeline_id}/versions": {
    summary: "Make a version by address",
    note: "Import by address is switched off: a body with package_url is answered with 400.",
    body: "PipelineVersion",
  },
  "GET /pipelines/{pipeline_id}/versions/{version_id}": { summary: "Get a version with its specification" },
  "PATCH /pipelines/{pipeline_id}/versions/{version_id}": {
    summary: "Change shown name and tags of a version",
    body: "PipelineVersion",
  },
  "DELETE /pipelines/{pipeline_id}/versions/{version_id}": { summary: "Delete a version", note: "Its runs stay." },
  "POST /experiments": { summary: "Make an experiment", body: "Experiment" },
  "GET /experiments": { summary: "List experiments", query: [...PAGING, NAMESPACE] },
  "GET /experiments/{experiment_id}": { summary: "Get an experiment" },
  "DELETE /experiments/{experiment_id}": { summary: "Delete an experiment", note: "Its runs stay." },
  "POST /experiments/{experiment_id}:archive": { summary: "Archive an experiment with its runs" },
  "POST /experiments/{experiment_id}:unarchive": {
    summary: "Bring an experiment back",
    note: "Its runs stay archived.",
  },
  "POST /runs": {
    summary: "Start a run",
    note: "Of a version by its reference, or of a specification in the body. With an Idempotency-Key header the same request makes one run.",
    query: [{ name: "experiment_id", about: "Taken and ignored: it stands in the body." }],
    body: "Run",
  },
  "GET /runs": {
    summary: "List runs",
    query: [...PAGING, { name: "experiment_id", about: "Only runs of this experiment." }, NAMESPACE],
  },
  "GET /runs/{run_id}": { summary: "Get a run with its tasks" },
  "DELETE /runs/{run_id}": { summary: "Delete a run for ever" },
  "POST /runs/{run_id}:terminate": { summary: "Cancel a pending run, terminate a running one" },
  "POST /runs/{run_id}:retry": { summary: "Run again what failed in a run, in place" },
  "POST /runs/{run_id}:archive": { summary: "Archive a run" },
  "POST /runs/{run_id}:unarchive": { summary: "Bring a run back from the archive" },
  "GET /runs/{run_id}/nodes/{node_id}/artifacts/{name}:read": { summary: "Read a small artifact as base64" },
  "GET /runs/{run_id}/nodes/{node_id}/log": { summary: "Read the log of a task" },
  "POST /recurringruns": { summary: "Make a recurring run", body: "RecurringRun" },
  "GET /recurringruns": {
    summary: "List recurring runs",
    query: [...PAGING, { name: "experiment_id", about: "Only those of this experiment." }, NAMESPACE],
  },
  "GET /recurringruns/{recurring_run_id}": { summary: "Get a recurring run" },
  "DELETE /recurringruns/{recurring_run_id}": {
    summary: "Delete a recurring run",
    note: "The runs that it made stay.",
    query: [{ name: "propagation_policy", about: "Taken and ignored." }],
  },
  "POST /recurringruns/{recurring_run_id}:enable": { summary: "Enable a recurring run" },
  "POST /recurringruns/{recurring_run_id}:disable": { summary: "Disable a recurring run" },
};
