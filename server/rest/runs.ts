/** Runs over the Kubeflow API. */
import type { JsonValue } from "@/pipelines/graph";
import type { RunField, RunPredicate, RunSortKey } from "@/server/domain/predicates";
import { ProblemError } from "@/server/domain/problem-error";
import { experimentRow } from "@/server/services/experiments/get-experiment";
import { newestVersion, readVersion } from "@/server/services/kubeflow/query-pipelines";
import { queryRuns, readRun } from "@/server/services/kubeflow/query-runs";
import { storeInline } from "@/server/services/kubeflow/store-package";
import { cancelRun } from "@/server/services/runs/cancel-run";
import { archiveRun, deleteRun, restoreRun } from "@/server/services/runs/flag-runs";
import { startRun } from "@/server/services/runs/start-run";
import type { Call } from "./call";
import { GrpcError, PRECONDITION } from "./errors";
import { type JsonObject, message, moment, readBody, struct, text } from "./json";
import { type ListShape, listAnswer, readListing } from "./listing";
import { runJson } from "./run-json";
import { STATE_WORDS, STATUS_WORDS, STORAGE_WORDS } from "./states";

const MAX_NAME = 255;

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
    storage_state: "archived",
    state: "state",
    status: "state",
    experiment_id: "experimentId",
    recurring_run_id: "recurringRunId",
  },
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
  const reference = message(body.pipeline_version_reference);
  const pipelineId = text(reference.pipeline_id, "pipeline_id");
  const versionId = text(reference.pipeline_version_id, "pipeline_version_id");
  if (spec !== null && (pipelineId !== "" || versionId !== "")) {
    throw new ProblemError("invalid", "Give either pipeline_spec or pipeline_version_reference, not both");
  }
  if (spec !== null) return storeInline(context, spec);
  if (versionId !== "") {
    const version = await readVersion(context, versionId);
    if (pipelineId !== "" && version.pipelineId !== pipelineId) {
      throw new ProblemError(
        "invalid",
        `Pipeline version ${versionId} belongs to pipeline ${version.pipelineId} (not ${pipelineId})`,
      );
    }
    return versionId;
  }
  if (pipelineId === "") throw new ProblemError("invalid", "Failed to fetch a pipeline spec: the run names none");
  const newest = newestVersion(context, pipelineId);
  if (newest === undefined) throw new ProblemError("not-found", `Pipeline ${pipelineId} has no version; not found`);
  return newest.id;
}

export async function createRun(call: Call): Promise<JsonObject> {
  const { context, request } = call;
  const body = await readBody(request);
  const name = text(body.display_name, "display_name") || text(body.name, "name");
  if (name === "" || name.length > MAX_NAME) {
    throw new ProblemError("invalid", `display_name: a run needs a name of at most ${MAX_NAME} characters`);
  }
  const config = message(body.runtime_config);
  const versionId = await versionOf(call, body);
  const run = await startRun(context, {
    versionId,
    name,
    origin: "api",
    description: text(body.description, "description"),
    experimentId: text(body.experiment_id, "experiment_id") || undefined,
    parameters: body.runtime_config === undefined ? undefined : struct(config.parameters, "parameters"),
    pipelineRoot: text(config.pipeline_root, "pipeline_root"),
    serviceAccount: text(body.service_account, "service_account"),
    scheduledAt: moment(body.scheduled_at, "scheduled_at"),
    id: text(body.run_id, "run_id") || undefined,
    idempotencyKey: request.headers.get("idempotency-key") ?? undefined,
  });
  return runAnswer(call, run.id);
}

/** Terminating a run that is over changes nothing and is no error. */
export async function terminateRun({ context, part }: Call): Promise<JsonObject> {
  await cancelRun(context, part("run_id"));
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
