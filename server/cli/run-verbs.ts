/** What is done to several runs at once: each for itself, with a summary of those that could not be. */
import { isRunOver } from "@/server/domain/states";
import type { RunSummary } from "@/server/domain/views/runs";
import type { Connection } from "./connection";
import { asCommandError, CommandError, EXIT, refused } from "./exit";
import type { Output } from "./output";
import { readPriority } from "./priority";
import { idOf } from "./references";
import type { Session } from "./session";
import { runShape } from "./shapes";

/** A run as it was given, and why nothing was done with it. */
interface Failure {
  readonly run: string;
  readonly message: string;
}

interface Meant {
  /** Ids with what was typed for each. */
  readonly ids: ReadonlyMap<string, string>;
  readonly failed: readonly Failure[];
}

const isRefusal = (error: CommandError): boolean => error.exit === EXIT.refused && error.code !== "unauthenticated";

/** Finds every run that is meant; what means none or several is a failure of its own. */
async function runsMeant(connection: Connection, given: readonly string[], deleted: boolean): Promise<Meant> {
  const ids = new Map<string, string>();
  const failed: Failure[] = [];
  await Promise.all(
    given.map(async (text) => {
      try {
        ids.set(await idOf(connection, "run", text, { deleted }), text);
      } catch (error) {
        const known = asCommandError(error, connection.url);
        if (!isRefusal(known)) throw known;
        failed.push({ run: text, message: known.message });
      }
    }),
  );
  return { ids, failed };
}

/** Prints what was done and what was not; 2 when anything was refused. */
function tellBulk(output: Output, past: string, done: readonly string[], failed: readonly Failure[]): number {
  const count = `${done.length} ${done.length === 1 ? "run" : "runs"} ${past}.`;
  output.print({ done, failed }, count);
  if (!output.isJson) for (const { run, message } of failed) output.note(`${run}: ${message}`);
  return failed.length === 0 ? EXIT.ok : EXIT.refused;
}

/** One refusal of one run is the error of the command. */
function throwIfOnly(given: readonly string[], failed: readonly Failure[]): void {
  const [only] = failed;
  if (given.length === 1 && only !== undefined) throw new CommandError(EXIT.refused, "refused", only.message);
}

type Flag = "archive" | "restore" | "delete";
const PAST: { readonly [flag in Flag]: string } = { archive: "archived", restore: "restored", delete: "deleted" };

interface Bulk {
  readonly past: string;
  /** Deleted runs may be meant too. */
  readonly deleted?: boolean;
  readonly call: (connection: Connection, ids: string[]) => Promise<BulkAnswer>;
}

interface BulkAnswer {
  readonly done: readonly string[];
  readonly failed: readonly { readonly id: string; readonly message: string }[];
}

/** Does something to several runs with one request. */
async function askAll({ output, connect }: Session, given: string[], bulk: Bulk): Promise<number> {
  const connection = connect();
  const meant = await runsMeant(connection, given, bulk.deleted ?? false);
  const ids = [...meant.ids.keys()];
  const answer = ids.length === 0 ? null : await bulk.call(connection, ids);
  const refusals = (answer?.failed ?? []).map(({ id, message }) => ({ run: meant.ids.get(id) ?? id, message }));
  const failed = [...meant.failed, ...refusals];
  throwIfOnly(given, failed);
  return tellBulk(output, bulk.past, answer?.done ?? [], failed);
}

/** Archives, restores or deletes runs. */
export const flagRuns =
  (flag: Flag) =>
  (session: Session, given: string[]): Promise<number> =>
    askAll(session, given, {
      past: PAST[flag],
      deleted: flag === "restore",
      call: ({ api }, ids) => api.runs[flag].mutate({ ids }),
    });

/** Gives runs another place in the queue. */
export async function prioritizeRuns(
  session: Session,
  given: string[],
  options: { readonly priority?: string; readonly front?: boolean },
): Promise<number> {
  if (options.priority === undefined && !options.front) throw refused("Give --priority with a number, or --front.");
  const priority = options.priority === undefined ? ("front" as const) : readPriority(options.priority);
  const past = priority === "front" ? "moved to the front" : `of priority ${priority} now`;
  return askAll(session, given, { past, call: ({ api }, ids) => api.runs.setPriority.mutate({ ids, priority }) });
}

/** Asks each run for something; with one run that is printed, with several the summary. */
async function askEach(
  { output, connect }: Session,
  given: readonly string[],
  past: string,
  ask: (connection: Connection, id: string) => Promise<RunSummary>,
  words: (run: RunSummary) => string,
): Promise<number> {
  const connection = connect();
  const [only] = given;
  if (given.length === 1 && only !== undefined) {
    const run = await ask(connection, await idOf(connection, "run", only));
    output.print(runShape(run), words(run));
    return EXIT.ok;
  }
  const { ids, failed } = await runsMeant(connection, given, false);
  const done: string[] = [];
  const refusals = [...failed];
  for (const [id, text] of ids) {
    try {
      done.push((await ask(connection, id)).id);
    } catch (error) {
      const known = asCommandError(error, connection.url);
      if (!isRefusal(known)) throw known;
      refusals.push({ run: text, message: known.message });
    }
  }
  return tellBulk(output, past, done, refusals);
}

/** Cancels pending runs, terminates running ones; `hard` leaves out their exit tasks too. */
export const cancelRuns = (
  session: Session,
  given: string[],
  { hard = false }: { readonly hard?: boolean },
): Promise<number> =>
  askEach(
    session,
    given,
    "asked to end",
    ({ api }, id) => api.runs.cancel.mutate({ id, hard }),
    ({ state }) => (isRunOver(state) ? `The run is over: ${state}.` : `The run is asked to end; it is ${state}.`),
  );

/** Runs again what failed of several runs. */
export const retryRuns = (session: Session, given: readonly string[]): Promise<number> =>
  askEach(
    session,
    given,
    "asked to run again what failed",
    ({ api }, id) => api.runs.retry.mutate({ id }),
    ({ name }) => `${name} is asked to run again what failed.`,
  );

/** Gives a run another name. */
export async function renameRun({ output, connect }: Session, given: string, name: string): Promise<number> {
  const connection = connect();
  const run = await connection.api.runs.rename.mutate({ id: await idOf(connection, "run", given), name });
  output.print(runShape(run), `The run is named ${run.name} now.`);
  return EXIT.ok;
}
