/** Recurring runs over the Kubeflow API. */
import type { JsonValue } from "@/pipelines/graph";
import type { RecurringRunField, RecurringRunPredicate, RecurringRunSortKey } from "@/server/domain/predicates";
import { ProblemError } from "@/server/domain/problem-error";
import { MAX_CONCURRENCY } from "@/server/domain/recurrence/words";
import { experimentRow } from "@/server/services/experiments/get-experiment";
import { queryRecurringRuns, readRecurringRun } from "@/server/services/kubeflow/query-recurring-runs";
import { storeInline } from "@/server/services/kubeflow/store-package";
import { addRecurringRun } from "@/server/services/recurring-runs/create-recurring-run";
import { deleteRecurringRun } from "@/server/services/recurring-runs/delete-recurring-run";
import { disableRecurringRun, enableRecurringRun } from "@/server/services/recurring-runs/switch-recurring-run";
import type { Call } from "./call";
import { type JsonObject, message, readBody, struct, text } from "./json";
import { type ListShape, listAnswer, readListing } from "./listing";
import { once } from "./once";
import { readPlugins } from "./plugins";
import { recurringJson } from "./recurring-json";
import { int64, readTrigger } from "./recurring-triggers";

const MAX_NAME = 255;

const RECURRING_RUNS: ListShape<RecurringRunField, RecurringRunSortKey> = {
  resource: "RecurringRun",
  sorts: {
    id: "id",
    recurring_run_id: "id",
    name: "name",
    display_name: "name",
    created_at: "created",
    updated_at: "updated",
    description: "description",
  },
  keys: {
    id: { field: "id", as: "text" },
    recurring_run_id: { field: "id", as: "text" },
    name: { field: "name", as: "text" },
    display_name: { field: "name", as: "text" },
    description: { field: "description", as: "text" },
    created_at: { field: "createdSecond", as: "second" },
    updated_at: { field: "updatedSecond", as: "second" },
  },
};

/** Whether a new one is enabled, by the words and numbers of its mode. */
const MODES: { readonly [mode: string]: boolean } = {
  MODE_UNSPECIFIED: false,
  ENABLE: true,
  DISABLE: false,
  0: false,
  1: true,
  2: false,
};

/** Whether the active runs end too, by the words and numbers of the policy. */
const POLICIES: { readonly [policy: string]: boolean } = {
  "": true,
  DELETE_PROPAGATION_POLICY_UNSPECIFIED: true,
  FOREGROUND: true,
  BACKGROUND: true,
  ORPHAN: false,
  0: true,
  1: true,
  2: true,
  3: false,
};

const invalid = (words: string): ProblemError => new ProblemError("invalid", words);

/** What a word of an enumeration says. Throws `invalid`. */
function said(words: { readonly [word: string]: boolean }, given: JsonValue, field: string): boolean {
  const isWord = typeof given === "string" || typeof given === "number";
  const meant = isWord && Object.hasOwn(words, given) ? words[given] : undefined;
  if (meant === undefined) throw invalid(`invalid value for enum field ${field}: ${JSON.stringify(given)}`);
  return meant;
}

/** Kubeflow calls a recurring run a job where it is missing. */
async function known<T>(id: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError && error.code === "not-found")) throw error;
    throw new ProblemError("not-found", `Job ${id} not found`);
  }
}

export async function listRecurringRuns({ context, query }: Call): Promise<JsonObject> {
  const experimentId = query.get("experiment_id") ?? "";
  if (experimentId !== "") experimentRow(context, experimentId);
  const listing = readListing(context, RECURRING_RUNS, query, experimentId);
  const own: RecurringRunPredicate[] =
    experimentId === "" ? [] : [{ field: "experimentId", operation: "eq", value: experimentId }];
  const question = { ...listing, predicates: [...own, ...listing.predicates] };
  const { records, next, total } = await queryRecurringRuns(context, question);
  return listAnswer("recurringRuns", records.map(recurringJson), total, listing.next(next));
}

export async function getRecurringRun({ context, part }: Call): Promise<JsonObject> {
  const id = part("recurring_run_id");
  return recurringJson(await known(id, () => readRecurringRun(context, id)));
}

interface SourceIds {
  readonly versionId?: string;
  readonly pipelineId?: string;
}

/** An inline specification is stored once and pinned; a pipeline alone follows its latest version. */
async function sourceOf({ context }: Call, body: JsonObject): Promise<SourceIds> {
  const spec: JsonValue = body.pipeline_spec ?? null;
  const reference = message(body.pipeline_version_reference, "pipeline_version_reference");
  const pipelineId = text(reference.pipeline_id, "pipeline_id");
  const versionId = text(reference.pipeline_version_id, "pipeline_version_id");
  const isNamed = pipelineId !== "" || versionId !== "";
  if (spec !== null && isNamed) {
    throw invalid("Give either pipeline_spec or pipeline_version_reference, not both");
  }
  if (spec !== null) return { versionId: await storeInline(context, struct(spec, "pipeline_spec")) };
  if (!isNamed) throw invalid("Failed to fetch a pipeline spec: the recurring run names none");
  return { ...(versionId !== "" && { versionId }), ...(pipelineId !== "" && { pipelineId }) };
}

function concurrencyOf(body: JsonObject): number {
  const given = int64(body.max_concurrency, "max_concurrency");
  if (given >= 1 && given <= MAX_CONCURRENCY) return given;
  const range = `at least 1 and at most ${MAX_CONCURRENCY}`;
  throw invalid(`Max concurrency of a recurring run must be ${range}. Received ${given}`);
}

function flagOf(value: JsonValue | undefined, field: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === "boolean") return value;
  throw invalid(`invalid value for bool field ${field}`);
}

export async function createRecurringRun(call: Call): Promise<JsonObject> {
  const { context, request, identity } = call;
  const body = await readBody(request);
  const name = text(body.display_name, "display_name") || text(body.name, "name");
  if (name === "" || name.length > MAX_NAME) {
    throw invalid(`display_name: a recurring run needs a name of at most ${MAX_NAME} characters`);
  }
  const config = message(body.runtime_config, "runtime_config");
  const asked = {
    ...readTrigger(body.trigger, context.now()),
    name,
    description: text(body.description, "description"),
    maxConcurrency: concurrencyOf(body),
    isEnabled: said(MODES, body.mode ?? 0, "mode"),
    experimentId: text(body.experiment_id, "experiment_id") || undefined,
    overlap: "wait" as const,
    catchUp: flagOf(body.no_catchup, "no_catchup") ? ("latest" as const) : ("all" as const),
    parameters: body.runtime_config === undefined ? undefined : struct(config.parameters, "parameters"),
    pipelineRoot: text(config.pipeline_root, "pipeline_root"),
    serviceAccount: text(body.service_account, "service_account"),
    pluginsInput: readPlugins(body) ?? {},
  };
  const id = await once(call, "recurring-run", body, async (requestKey) =>
    addRecurringRun(context, { ...asked, ...(await sourceOf(call, body)), requestKey, by: identity.name }),
  );
  return recurringJson(await readRecurringRun(context, id));
}

export async function enable({ context, identity, part }: Call): Promise<JsonObject> {
  const id = part("recurring_run_id");
  await known(id, () => enableRecurringRun(context, id, identity.name));
  return {};
}

export async function disable({ context, identity, part }: Call): Promise<JsonObject> {
  const id = part("recurring_run_id");
  await known(id, () => disableRecurringRun(context, id, identity.name));
  return {};
}

/** Its active runs end with it unless they are to be left as orphans, as they do on Kubernetes. */
export async function removeRecurringRun({ context, identity, part, query }: Call): Promise<JsonObject> {
  const id = part("recurring_run_id");
  const endsRuns = said(POLICIES, query.get("propagation_policy") ?? "", "propagation_policy");
  await known(id, () => deleteRecurringRun(context, { id, endsRuns }, identity.name));
  return {};
}
