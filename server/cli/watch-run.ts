/** `penstock runs watch`: each change of a run as it comes, a line each; on a terminal a table that is drawn anew. */
import { isRunOver } from "@/server/domain/states";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { exitOfRun } from "./exit";
import { leavable } from "./follow-run";
import type { Output } from "./output";
import { idOf } from "./references";
import type { Session } from "./session";
import { runShape } from "./shapes";
import { followChanges } from "./wait-for-run";
import { runWords, wholeRun } from "./whole-run";

const timeOf = (at: string | null): string => at?.slice(11, 19) ?? "        ";

/** When a task came into the state that it has. */
const changedAt = ({ finishedAt, startedAt, queuedAt, createdAt }: TaskSummary): string =>
  finishedAt ?? startedAt ?? queuedAt ?? createdAt;

/** Tells in lines what differs from what was told before. */
function lineTeller(output: Output): (run: RunView) => void {
  const told = new Map<number | "run", string>();
  return (run) => {
    const say = (
      key: number | "run",
      at: string | null,
      name: string,
      state: string,
      why: string | undefined,
    ): void => {
      if (told.get(key) === state) return;
      const before = told.get(key);
      told.set(key, state);
      const move = before === undefined ? output.state(state) : `${before} → ${output.state(state)}`;
      const words = `${timeOf(at)}  ${name}: ${move}${why === undefined ? "" : `, ${why}`}\n`;
      if (output.isJson) output.note(words.trimEnd());
      else output.line({}, words);
    };
    if (!isRunOver(run.state)) say("run", run.startedAt ?? run.createdAt, run.name, run.state, run.reason?.message);
    for (const task of run.tasks) say(task.id, changedAt(task), task.step, task.state, task.reason?.message);
  };
}

/** Draws the run over what was drawn before, cut to what the terminal shows at once. */
function tableDrawer(output: Output): (run: RunView) => void {
  let drawn = 0;
  return (run) => {
    const rows = run.tasks.map((task) => [
      task.step,
      { state: task.state },
      timeOf(task.startedAt),
      timeOf(task.finishedAt),
      task.reason?.message ?? "",
    ]);
    const table = output.table([["STEP", "STATE", "STARTED", "FINISHED", "WHY"], ...rows]).split("\n");
    const room = Math.max(1, output.rows - 3);
    const left = table.length - room;
    const shown = left > 0 ? [...table.slice(0, room - 1), `… ${left + 1} more`] : table;
    const lines = [`${run.name}: ${output.state(run.state)}`, ...shown];
    const back = drawn === 0 ? "" : `\u001b[${drawn}A\u001b[J`;
    output.line({}, `${back}${lines.join("\n")}\n`);
    drawn = lines.length;
  };
}

/** Watches a run to its end; the exit code follows it. */
export async function watchRun({ output, connect }: Session, given: string): Promise<number> {
  const connection = connect();
  const id = await idOf(connection, "run", given);
  const see = output.isTerminal ? tableDrawer(output) : lineTeller(output);
  let last: RunView | null = null;
  const page = `${connection.url}/runs/${id}`;
  const follow = () =>
    followChanges(
      connection,
      id,
      (run) => {
        last = run;
        see(run);
      },
      { withTasks: true },
    );
  await leavable(output, page, () => (last === null ? {} : runShape(last)), follow);
  const over = await wholeRun(connection, id);
  output.print(over.json, runWords(over.run, connection.url, output));
  return exitOfRun(over.run.state);
}
