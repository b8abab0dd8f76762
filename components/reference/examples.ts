/** An example of each operation: the snippet of the action that calls it where the table has one, else plain curl. */
import { SNIPPETS, type Snippets } from "@/server/domain/snippets";
import { curl } from "@/server/domain/snippets/snippet";

const RUN = "6f0c3b1e-run";
const PIPELINE = "1b2c-pipeline";
const VERSION = "9d8e-version";
const EXPERIMENT = "a1b2-experiment";

const RUN_VALUES = {
  name: "first try",
  pipelineId: PIPELINE,
  versionId: VERSION,
  experimentId: EXPERIMENT,
  experimentName: "nightly",
  specFile: "pipeline.yaml",
  parameters: { epochs: 5 },
};

const EXAMPLES: { readonly [operation: string]: (origin: string) => Snippets } = {
  "POST /apis/v2beta1/runs": (origin) => SNIPPETS.startRun(origin, RUN_VALUES),
  "POST /apis/v2beta1/runs/{run_id}:terminate": (origin) => SNIPPETS.cancelRuns(origin, { ids: [RUN], isHard: false }),
  "POST /apis/v2beta1/runs/{run_id}:retry": (origin) => SNIPPETS.retryRuns(origin, { ids: [RUN] }),
  "POST /apis/v2beta1/runs/{run_id}:archive": (origin) => SNIPPETS.archiveRuns(origin, { ids: [RUN] }),
  "POST /apis/v2beta1/runs/{run_id}:unarchive": (origin) => SNIPPETS.restoreRuns(origin, { ids: [RUN] }),
  "DELETE /apis/v2beta1/runs/{run_id}": (origin) => SNIPPETS.deleteRuns(origin, { ids: [RUN] }),
  "DELETE /apis/v2beta1/pipelines/{pipeline_id}": (origin) => SNIPPETS.deletePipeline(origin, { id: PIPELINE }),
  "POST /apis/v2beta1/experiments": (origin) => SNIPPETS.createExperiment(origin, { name: "nightly", description: "" }),
  "POST /apis/v2beta1/experiments/{experiment_id}:archive": (origin) =>
    SNIPPETS.archiveExperiment(origin, { id: EXPERIMENT }),
  "DELETE /apis/v2beta1/experiments/{experiment_id}": (origin) => SNIPPETS.deleteExperiment(origin, { id: EXPERIMENT }),
  "POST /api/uploads": (origin) => SNIPPETS.uploadPipeline(origin, { files: ["pipeline.yaml"], name: "churn" }),
  "POST /api/runs/{id}/metrics": (origin) =>
    SNIPPETS.reportMetrics(origin, { runId: RUN, metrics: [{ name: "loss", value: 0.25, index: 3 }] }),
  "GET /api/tasks/{task}/attempts/{number}/{part}": (origin) =>
    SNIPPETS.downloadLog(origin, { runId: RUN, step: "train", task: 7, attempt: 1 }),
  "GET /api/artifacts/{key}/content": (origin) => SNIPPETS.downloadArtifact(origin, { id: 7, file: "model.bin" }),
};

const CLIENT = ["pipelines", "experiments", "runs", "recurringruns"];

/** The example of an operation of the document. */
export function exampleOf(origin: string, method: string, path: string): Partial<Snippets> {
  const known = EXAMPLES[`${method} ${path}`];
  if (known !== undefined) return known(origin);
  if (path.endsWith("/upload") || path.endsWith("/upload_version")) {
    const query = path.endsWith("_version") ? `?pipelineid=${PIPELINE}&name=second` : "?name=churn";
    return { curl: curl(origin, { path: path + query, more: ["-F uploadfile=@pipeline.yaml"] }) };
  }
  const filled = path.replace("{part}", "log").replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const isList = method === "GET" && CLIENT.some((noun) => path.endsWith(`/${noun}`));
  const verb = method === "GET" || method === "DELETE" ? method : "POST";
  return { curl: curl(origin, { method: verb, path: isList ? `${filled}?page_size=20` : filled }) };
}
