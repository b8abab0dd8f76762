/** What a subcommand does with a run that it has started: says so, or waits for its end and says how that was. */
import type { RunSummary } from "@/server/domain/views/runs";
import type { Connection } from "./connection";
import { EXIT, exitOfRun } from "./exit";
import type { Output } from "./output";
import { runShape } from "./shapes";
import { waitForRun } from "./wait-for-run";
import { runWords, wholeRun } from "./whole-run";

export interface Following {
  readonly wait: boolean;
  /** What is said of a run that is not waited for. */
  readonly words: string;
  /** What `--json` prints around the run. */
  readonly shape: (run: object) => object;
}

/** Runs `work`; Ctrl-C ends the command meanwhile, says that the run goes on and prints what `json` gives. */
export async function leavable(
  output: Output,
  page: string,
  json: () => object,
  work: () => Promise<unknown>,
): Promise<void> {
  const leave = () => {
    output.note(`\nThe run goes on: ${page}`);
    if (output.isJson) output.print(json(), "");
    process.exit(EXIT.canceled);
  };
  process.once("SIGINT", leave);
  await work().finally(() => process.removeListener("SIGINT", leave));
}

/** Returns the exit code: of the run when it was waited for, else 0. */
export async function followRun(
  connection: Connection,
  output: Output,
  run: RunSummary,
  { wait, words, shape }: Following,
): Promise<number> {
  const page = `${connection.url}/runs/${run.id}`;
  if (!wait) {
    output.print(shape(runShape(run)), `${words}\n  ${page}`);
    return EXIT.ok;
  }
  const json = () => shape(runShape(run));
  await leavable(output, page, json, () => waitForRun(connection, output, run.id));
  const over = await wholeRun(connection, run.id);
  output.print(shape(over.json), runWords(over.run, connection.url, output));
  return exitOfRun(over.run.state);
}
