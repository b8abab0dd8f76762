/** Experiments over the Kubeflow API. */
import { CreateExperimentInput } from "@/server/domain/inputs/experiments";
import type { ExperimentField, ExperimentSortKey } from "@/server/domain/predicates";
import { ProblemError } from "@/server/domain/problem-error";
import { archiveExperiment, restoreExperiment } from "@/server/services/experiments/archive-experiment";
import { createExperiment } from "@/server/services/experiments/create-experiment";
import { deleteExperiment } from "@/server/services/experiments/delete-experiment";
import { experimentRow } from "@/server/services/experiments/get-experiment";
import { queryExperiments } from "@/server/services/kubeflow/query-experiments";
import type { Call } from "./call";
import { aborted } from "./errors";
import { checkLength, type JsonObject, readBody, text } from "./json";
import { type ListShape, listAnswer, readListing } from "./listing";
import { once } from "./once";
import { experimentJson } from "./resources";
import { STORAGE_WORDS } from "./states";

/** Bytes, as Kubeflow counts them. */
const MAX_NAME = 128;

const EXPERIMENTS: ListShape<ExperimentField, ExperimentSortKey> = {
  resource: "Experiment",
  sorts: {
    id: "id",
    experiment_id: "id",
    name: "name",
    display_name: "name",
    created_at: "created",
    last_run_created_at: "lastRun",
    description: "description",
    storage_state: "storage",
    namespace: "nothing",
  },
  keys: {
    id: { field: "id", as: "text" },
    experiment_id: { field: "id", as: "text" },
    name: { field: "name", as: "text" },
    display_name: { field: "name", as: "text" },
    description: { field: "description", as: "text" },
    created_at: { field: "createdSecond", as: "second" },
    last_run_created_at: { field: "lastRunSecond", as: "second" },
    storage_state: { field: "archived", as: "words", words: STORAGE_WORDS },
    namespace: { as: "ignored" },
  },
};

export function listExperiments({ context, query }: Call): JsonObject {
  const listing = readListing(context, EXPERIMENTS, query);
  const { records, next, total } = queryExperiments(context, listing);
  return listAnswer("experiments", records.map(experimentJson), total, listing.next(next));
}

export const getExperiment = ({ context, part }: Call): JsonObject =>
  experimentJson(experimentRow(context, part("experiment_id")));

export async function addExperiment(call: Call): Promise<JsonObject> {
  const { context, request } = call;
  const body = await readBody(request);
  const name = text(body.display_name, "display_name");
  if (name === "") throw new ProblemError("invalid", "Experiment's name cannot be empty");
  checkLength("Experiment.Name", name, MAX_NAME);
  const parsed = CreateExperimentInput.safeParse({ name, description: text(body.description, "description") });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path[0] === "description" ? "description" : "display_name";
    throw new ProblemError("invalid", `${field}: ${issue?.message ?? "is not valid"}`);
  }
  const id = await once(
    call,
    "experiment",
    body,
    async (key) => (await createExperiment(context, parsed.data, key)).id,
  );
  return experimentJson(experimentRow(context, id));
}

export async function removeExperiment({ context, part }: Call): Promise<JsonObject> {
  const id = part("experiment_id");
  if (experimentRow(context, id).isDefault) throw aborted("The default experiment cannot be deleted");
  await deleteExperiment(context, id);
  return {};
}

/** Archive and unarchive answer 200 for an id that nobody has, as Kubeflow does. */
async function whereThere(change: Promise<unknown>): Promise<JsonObject> {
  await change.catch((error: unknown) => {
    if (!(error instanceof ProblemError && error.code === "not-found")) throw error;
  });
  return {};
}

export const archive = ({ context, part }: Call): Promise<JsonObject> =>
  whereThere(archiveExperiment(context, part("experiment_id")));

/** Brings back the experiment alone; its runs stay archived. */
export const unarchive = ({ context, part }: Call): Promise<JsonObject> =>
  whereThere(restoreExperiment(context, part("experiment_id"), false));
