/** `penstock runs list` and `get`. */
import { RUN_STATES, type RunState } from "@/server/domain/states";
import type { RunSummary } from "@/server/domain/views/runs";
import { EXIT, refused } from "./exit";
import { moreWords, type PageOptions, pageOf } from "./pages";
import { idOf } from "./references";
import type { Session } from "./session";
import { runShape } from "./shapes";
import { runWords, wholeRun } from "./whole-run";

export interface ListOptions extends PageOptions {
  readonly state?: readonly string[];
  readonly experiment?: string;
  readonly pipeline?: string;
  readonly search?: string;
  readonly archived?: boolean;
}

const isState = (text: string): text is RunState => RUN_STATES.some((state) => state === text);

function statesOf(given: readonly string[]): RunState[] {
  return given.map((text) => {
    if (!isState(text)) throw refused(`"${text}" is no state of a run. Give one of ${RUN_STATES.join(", ")}.`);
    return text;
  });
}

const row = (run: RunSummary) => [run.id, { state: run.state }, run.createdAt.slice(0, 19), run.name];

/** Lists the newest runs. */
export async function listRuns({ output, connect }: Session, options: ListOptions): Promise<number> {
  const connection = connect();
  const { state, experiment, pipeline, search, archived = false } = options;
  const states = state === undefined ? {} : { states: statesOf(state) };
  const page = await connection.api.runs.list.query({
    archived,
    ...states,
    ...pageOf(options),
    ...(experiment === undefined ? {} : { experimentId: await idOf(connection, "experiment", experiment) }),
    ...(pipeline === undefined ? {} : { pipelineId: await idOf(connection, "pipeline", pipeline) }),
    ...(search === undefined ? {} : { search }),
  });
  const table = output.table([["ID", "STATE", "CREATED", "NAME"], ...page.items.map(row)]);
  const words = page.items.length === 0 ? "No runs." : table + moreWords(page);
  output.print({ items: page.items.map(runShape), next: page.next }, words);
  return EXIT.ok;
}

/** Shows one run with all its steps. */
export async function showRun({ output, connect }: Session, given: string): Promise<number> {
  const connection = connect();
  const { run, json } = await wholeRun(connection, await idOf(connection, "run", given));
  const steps = run.tasks.map((task) => ["", { state: task.state }, task.name, task.reason?.message ?? ""]);
  const words = [runWords(run, connection.url, output), output.table(steps)];
  output.print(json, words.filter((text) => text !== "").join("\n"));
  return EXIT.ok;
}
