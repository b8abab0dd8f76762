/** Waits for the end of a run, whatever happens to the server meanwhile. */
import { isRunOver } from "@/server/domain/states";
import type { RunView } from "@/server/domain/views/runs";
import { Bell } from "./changes";
import type { Connection } from "./connection";
import { asCommandError, EXIT } from "./exit";
import type { Output } from "./output";

/** A run; null while the server does not answer. */
async function readRun(connection: Connection, id: string): Promise<RunView | null> {
  try {
    return await connection.api.runs.get.query({ id });
  } catch (error) {
    if (asCommandError(error, connection.url).exit === EXIT.unreachable) return null;
    throw error;
  }
}

/** Calls `see` with the run now and at each change, until it is over and no retry is to come. */
export async function followChanges(
  connection: Connection,
  id: string,
  see: (run: RunView) => void,
  options: { readonly withTasks: boolean },
): Promise<RunView> {
  const bell = new Bell(connection, [`run:${id}`], (change) => options.withTasks || change.kind !== "tasks");
  try {
    for (;;) {
      const run = await readRun(connection, id);
      if (run !== null && run.retryRequestedAt === null) {
        see(run);
        if (isRunOver(run.state)) return run;
      }
      await bell.next();
    }
  } finally {
    bell.close();
  }
}

/** How much of a run is done, for a person who waits. */
function progressWords({ name, state, taskCounts }: RunView): string {
  const counts = Object.entries(taskCounts).filter(([, count]) => count > 0);
  return `${name}: ${state}${counts.length === 0 ? "" : ` (${counts.map(([of, count]) => `${count} ${of}`).join(", ")})`}`;
}

/** Waits until a run is over and tells each change of its state, on a terminal also how far its steps are. */
export async function waitForRun(connection: Connection, output: Output, id: string): Promise<void> {
  let told: string | null = null;
  const see = (run: RunView): void => {
    if (run.state !== told) output.note(`${run.state} …`);
    told = run.state;
    output.progress(isRunOver(run.state) ? null : progressWords(run));
  };
  await followChanges(connection, id, see, { withTasks: output.watches });
}
