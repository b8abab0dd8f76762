/** Runs over the Kubeflow API. */
import type { JsonValue } from "@/pipelines/graph";
import type { RunField, RunPredicate, RunSortKey } from "@/server/domain/predicates";
import { ProblemError } from "@/server/domain/problem-error";
import { experimentRow } from "@/server/services/experiments/get-experiment";
import { newestVersion, pipelineIdOf } from "@/server/services/kubeflow/query-pipelines";
import { queryRuns, readRun } from "@/server/services/kubeflow/query-runs";
import { storeInline } from "@/server/services/kubeflow/store-package";
import { cancelRun } from "@/server/services/runs/cancel-run";
import { archiveRun, deleteRun, restoreRun } from "@/server/services/runs/flag-runs";
import { retryRun } from "@/server/services/runs/retry-run";
import { startRun } from "@/server/services/runs/start-run";
import type { Call } from "./call";
import { aborted, GrpcError, PRECONDITION } from "./errors";
import { checkLength, type JsonObject, message, moment, readBody, struct, text, word } from "./json";
import { type ListShape, listAnswer, readListing } from "./listing";
import { once } from "./once";
import { readPlugins } from "./plugins";
import { runJson } from "./run-json";
import { STATE_WORDS, STATUS_WORDS, STORAGE_WORDS } from "./states";

const LIMITS = { name: 255, description: 10_000, serviceAccount: 255, pipelineRoot: 4_096 };

const STORAGE_STATES = { 0: "STORAGE_STATE_UNSPECIFIED", 1: "AVAILABLE", 2: "ARCHIVED" } as const;

/** `metric:<name>`, the one order that no list of keys can name. */
const metricSort = (key: string): RunSortKey | undefined =>
  /^metric:./i.test(key) ? `metric:${key.slice("metric:".length)}` : undefined;

const RUNS: ListShape<RunField, RunSortKey> = {
  resource: "Run",
  sorts: {
    id: "id",
    run_id: "id",
    name: "name",
    display_name: "name",
    created_at: "created",
    finished_at: "finished",
    scheduled_at: "scheduled",
    description: "description",
    storage_state: "storage",
    state: "state",
    status: "state",
    experiment_id: "experimentId",
    recurring_run_id: "recurringRunId",
    state_history: "history",
    runtime_details: "nothing",
    namespace: "nothing",
  },
  otherSort: metricSort,
  keys: {
    id: { field: "id", as: "text" },
    run_id: { field: "id", as: "text" },
    name: { field: "name", as: "text" },
    display_name: { field: "name", as: "text" },
    description: { field: "description", as: "text" },
    created_at: { field: "createdSecond", as: "second" },
    scheduled_at: { field: "scheduledSecond", as: "second" },
    finished_at: { field: "finishedSecond", as: "second" },
    experiment_id: { field: "experimentId", as: "text" },
    recurring_run_id: { field: "recurringRunId", as: "text" },
    state: { field: "state", as: "words", words: STATE_WORDS },
    status: { field: "state", as: "words", words: STATUS_WORDS },
    storage_state: { field: "archived", as: "words", words: STORAGE_WORDS },
    state_history: { field: "history", as: "text" },
    runtime_details: { field: "nothing", as: "text" },
    namespace: { as: "ignored" },
  },
};

export async function listRuns({ context, query }: Call): Promise<JsonObject> {
  const experimentId = query.get("experiment_id") ?? "";
  if (experimentId !== "") experimentRow(context, experimentId);
  const listing = readListing(context, RUNS, query, experimentId);
  const own: RunPredicate[] =
    experimentId === "" ? [] : [{ field: "experimentId", operation: "eq", value: experimentId }];
  const question = { ...listing, predicates: [...own, ...listing.predicates] };
  const { records, next, total } = await queryRuns(context, question);
  return listAnswer(
    "runs",
    records.map((record) => runJson(record)),
    total,
    listing.next(next),
  );
}

async function runAnswer({ context }: Call, id: string): Promise<JsonObject> {
  const { run, tasks } = await readRun(context, id);
  return runJson(run, tasks);
}

export const getRun = (call: Call): Promise<JsonObject> => runAnswer(call, call.part("run_id"));

/** The version a run is asked for by: an inline specification, a version, or a pipeline's newest. */
async function versionOf({ context }: Call, body: JsonObject): Promise<string> {
  const spec: JsonValue = body.pipeline_spec ?? null;
  const hasReference = body.pipeline_version_reference !== undefined && body.pipeline_version_reference !== null;
  if (spec !== null && hasReference) {
    throw new ProblemError("invalid", "Give either pipeline_spec or pipeline_version_reference, not both");
  }
  if (spec !== null) return storeInline(context, struct(spec, "pipeline_spec"));
  const reference = message(body.pipeline_version_reference, "pipeline_version_reference");
  const pipelineId = text(reference.pipeline_id, "pipeline_id");
  const versionId = text(reference.pipeline_version_id, "pipeline_version_id");
  if (versionId !== "") {
    const owner = pipelineIdOf(context, versionId);
    if (pipelineId === "" || owner === pipelineId) return versionId;
    const wrong = `Pipeline version ${versionId} belongs to pipeline ${owner} (not ${pipelineId})`;
    throw new ProblemError("invalid", wrong);
  }
  if (pipelineId === "") throw new ProblemError("invalid", "Failed to fetch a pipeline spec: the run names none");
  const newest = newestVersion(context, pipelineId);
  if (newest === undefined) throw new ProblemError("not-found", `Pipeline ${pipelineId} has no version; not found`);
  return newest.id;
}

/** The text of a field within its limit. */
function limited(body: JsonObject, field: string, max: number): string {
  const value = text(body[field], field);
  checkLength(field, value, max);
  return value;
}

/** A run as its message asks for it, but for what it runs. Its state and its end are the engine's to say. */
function requestOf(body: JsonObject) {
  const name = limited(body, "display_name", LIMITS.name);
  if (name === "") throw new ProblemError("invalid", "Run name is empty. Please specify a valid display_name");
  const config = message(body.runtime_config, "runtime_config");
  const hasConfig = body.runtime_config !== undefined && body.runtime_config !== null;
  return {
    name,
    origin: "api" as const,
    description: limited(body, "description", LIMITS.description),
    experimentId: text(body.experiment_id, "experiment_id") || undefined,
    parameters: hasConfig ? struct(config.parameters, "parameters") : undefined,
    pipelineRoot: limited(config, "pipeline_root", LIMITS.pipelineRoot),
    serviceAccount: limited(body, "service_account", LIMITS.serviceAccount),
    scheduledAt: moment(body.scheduled_at, "scheduled_at"),
    isArchived: word(body.storage_state, "storage_state", STORAGE_STATES) === "ARCHIVED",
    plugins: readPlugins(body),
    id: text(body.run_id, "run_id") || undefined,
  };
}

export async function createRun(call: Call): Promise<JsonObject> {
  const { context } = call;
  const body = await readBody(call.request);
  const request = requestOf(body);
  const id = await once(call, "run", body, async (requestKey) => {
    const versionId = await versionOf(call, body);
    return (await startRun(context, { ...request, versionId, requestKey })).id;
  });
  return runAnswer(call, id);
}

/** Terminating a run that is over changes nothing and is no error. */
export async function terminateRun({ context, identity, part }: Call): Promise<JsonObject> {
  await cancelRun(context, part("run_id"), { by: identity.name });
  return {};
}

/** Only a run that is over and did not succeed can be retried; anything else is told as Aborted. */
export async function retry({ context, identity, part }: Call): Promise<JsonObject> {
  const id = part("run_id");
  try {
    await retryRun(context, id, identity.name);
  } catch (error) {
    if (error instanceof ProblemError && error.code === "conflict") throw aborted(error.message);
    throw error;
  }
  return {};
}

export async function archive({ context, part }: Call): Promise<JsonObject> {
  await archiveRun(context, part("run_id"));
  return {};
}

export async function unarchive({ context, part }: Call): Promise<JsonObject> {
  const id = part("run_id");
  await readRun(context, id);
  try {
    await restoreRun(context, id);
  } catch (error) {
    if (error instanceof ProblemError && error.code === "conflict") {
      throw new GrpcError(PRECONDITION, `Failed to unarchive run ${id}: its experiment must be un-archived first`);
    }
    throw error;
  }
  return {};
}

export async function removeRun({ context, part }: Call): Promise<JsonObject> {
  await deleteRun(context, part("run_id"));
  return {};
}
