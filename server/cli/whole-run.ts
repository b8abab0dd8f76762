/** A run whole: with the values and attempts of its tasks as JSON, and in words. */
import type { RunView } from "@/server/domain/views/runs";
import type { TaskView } from "@/server/domain/views/tasks";
import type { Connection } from "./connection";
import type { Output } from "./output";
import { wholeRunShape } from "./shapes";
import { tasksOf } from "./tasks";

/** Tasks that are asked for together. */
const AT_ONCE = 200;

/** A run whole, with the values and attempts of all its tasks. */
export async function wholeRun(connection: Connection, id: string) {
  const { api } = connection;
  const run = await api.runs.get.query({ id });
  const summaries = await tasksOf(connection, run);
  const tasks: TaskView[] = [];
  for (let at = 0; at < summaries.length; at += AT_ONCE) {
    const some = summaries.slice(at, at + AT_ONCE);
    tasks.push(...(await Promise.all(some.map((task) => api.tasks.get.query({ id: task.id })))));
  }
  return { run, json: wholeRunShape(run, tasks) };
}

/** A run in words: its state, what it left, and the first failure. */
export function runWords(run: RunView, url: string, output: Output): string {
  const lines = [`${run.name}: ${output.state(run.state)}${run.reason === null ? "" : `, ${run.reason.message}`}`];
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
