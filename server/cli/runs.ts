/** `penstock runs`: list, get, cancel; and waiting for a run's end. */
import { isRunOver, RUN_STATES, type RunState } from "@/server/domain/states";
import type { RunSummary, RunView } from "@/server/domain/views";
import { Bell } from "./changes";
import type { Connection } from "./connection";
import { asCommandError, EXIT, refused } from "./exit";
import { columns, type Output } from "./output";
import { runShape, wholeRunShape } from "./shapes";

export interface ListOptions {
  readonly state?: readonly string[];
  readonly experiment?: string;
  readonly search?: string;
  readonly archived?: boolean;
  readonly limit?: string;
  readonly cursor?: string;
}

const isState = (text: string): text is RunState => RUN_STATES.some((state) => state === text);

function statesOf(given: readonly string[]): RunState[] {
  return given.map((text) => {
    if (!isState(text)) throw refused(`"${text}" is no state of a run. Give one of ${RUN_STATES.join(", ")}.`);
    return text;
  });
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) throw refused("--limit is a number from 1 to 200.");
  return limit;
}

/** The id of an experiment given by id or by name. */
export async function findExperiment({ api }: Connection, given: string): Promise<string | null> {
  const page = await api.experiments.list.query({ search: given, limit: 200 });
  const byName = page.items.find((experiment) => experiment.name === given);
  if (byName !== undefined) return byName.id;
  const byId = await api.experiments.get.query({ id: given }).catch(() => null);
  return byId?.id ?? null;
}

async function experimentOf(connection: Connection, given: string): Promise<string> {
  const id = await findExperiment(connection, given);
  if (id === null) throw refused(`There is no experiment ${given}.`);
  return id;
}

const row = (run: RunSummary): string[] => [run.id, run.state, run.createdAt.slice(0, 19), run.name];

/** `runs list`. */
export async function listRuns(connection: Connection, output: Output, options: ListOptions): Promise<void> {
  const page = await connection.api.runs.list.query({
    archived: options.archived ?? false,
    ...(options.state === undefined ? {} : { states: statesOf(options.state) }),
    ...(options.experiment === undefined ? {} : { experimentId: await experimentOf(connection, options.experiment) }),
    ...(options.search === undefined ? {} : { search: options.search }),
    ...(options.limit === undefined ? {} : { limit: limitOf(options.limit) }),
    ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
  });
  const table = columns([["ID", "STATE", "CREATED", "NAME"], ...page.items.map(row)]);
  const more = page.next === null ? "" : `\n… ${page.total} in all; the next page: --cursor ${page.next}`;
  output.print(
    { items: page.items.map(runShape), next: page.next },
    page.items.length === 0 ? "No runs." : table + more,
  );
}

/** A run whole, with the values and attempts of all its tasks. */
export async function wholeRun({ api }: Connection, id: string) {
  const run = await api.runs.get.query({ id });
  const tasks = await Promise.all(run.tasks.map((task) => api.tasks.get.query({ id: task.id })));
  return { run, json: wholeRunShape(run, tasks) };
}

/** A run in words: its state, what it left, and the first failure. */
export function runWords(run: RunView, url: string): string {
  const lines = [`${run.name}: ${run.state}${run.reason === null ? "" : `, ${run.reason.message}`}`];
  const first = run.tasks.find((task) => task.id === run.firstFailure);
  if (first !== undefined)
    lines.push(`  first failed: ${first.name}: ${first.reason?.message ?? "no reason was recorded"}`);
  for (const [name, value] of Object.entries(run.outputs.parameters))
    lines.push(`  ${name} = ${JSON.stringify(value)}`);
  for (const { name, value } of run.metrics) lines.push(`  ${name}: ${value}`);
  for (const { message } of run.notices) lines.push(`  note: ${message}`);
  lines.push(`  ${url}/runs/${run.id}`);
  return lines.join("\n");
}

/** `runs get`. */
export async function showRun(connection: Connection, output: Output, id: string): Promise<void> {
  const { run, json } = await wholeRun(connection, id);
  const steps = run.tasks.map((task) => [`  ${task.state}`, task.name, task.reason?.message ?? ""]);
  output.print(json, [runWords(run, connection.url), columns(steps)].filter((text) => text !== "").join("\n"));
}

/** `runs cancel`: cancels a pending run, terminates a running one. */
export async function cancelRun(connection: Connection, output: Output, id: string): Promise<void> {
  const run = await connection.api.runs.cancel.mutate({ id });
  const words = isRunOver(run.state)
    ? `The run is over: ${run.state}.`
    : `The run is asked to end; it is ${run.state}.`;
  output.print(runShape(run), words);
}

/** Waits until a run is over and tells each change of its state; the server may restart meanwhile. */
export async function waitForRun(connection: Connection, output: Output, id: string): Promise<void> {
  const bell = new Bell(connection, [`run:${id}`], (change) => change.kind !== "tasks");
  let told: RunState | null = null;
  try {
    for (;;) {
      const state = await stateOf(connection, id);
      if (state !== null && state !== told) output.note(`${state} …`);
      told = state ?? told;
      if (state !== null && isRunOver(state)) return;
      await bell.next();
    }
  } finally {
    bell.close();
  }
}

/** The state of a run; null while the server does not answer. */
async function stateOf(connection: Connection, id: string): Promise<RunState | null> {
  try {
    return (await connection.api.runs.get.query({ id })).state;
  } catch (error) {
    if (asCommandError(error, connection.url).exit === EXIT.unreachable) return null;
    throw error;
  }
}
