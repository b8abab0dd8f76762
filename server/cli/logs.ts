/** `penstock logs`: prints the logs of a run's steps, and follows them to the end of the run. */
import { GROUP_KINDS } from "@/pipelines/graph";
import { isRunOver, isTaskOver } from "@/server/domain/states";
import type { RunView, TaskSummary } from "@/server/domain/views";
import { Bell } from "./changes";
import type { Connection } from "./connection";
import { refused } from "./exit";
import { readLogLines, readLogTimes } from "./log-lines";
import type { Output } from "./output";

/** Bytes fetched at once, so that a long log does not fill the memory. */
const CHUNK = 4 * 1024 * 1024;

/** Tasks that a step given by path, key or name means; all that write logs when none is given. */
function tasksOfStep(run: RunView, step: string | undefined): TaskSummary[] {
  const leaves = run.tasks.filter((task) => !GROUP_KINDS.has(task.kind));
  if (step === undefined) return leaves;
  const matches: readonly ((task: TaskSummary) => boolean)[] = [
    (task) => task.step === step || task.stepPath === step,
    (task) => decodeURIComponent(task.stepPath.split("/").at(-1) ?? "") === step,
    (task) => task.name === step,
  ];
  for (const match of matches) {
    const found = leaves.filter(match);
    if (found.length > 0) return found;
  }
  return [];
}

/** What has been printed of one attempt. */
interface Reading {
  readonly task: number;
  readonly attempt: number;
  readonly prefix: string;
  offset: number;
}

async function timesOf({ get }: Connection, path: string): Promise<string> {
  const response = await get(`${path}-times`);
  return response.ok ? response.text() : "";
}

/** Prints what is new of an attempt. */
async function printNew(connection: Connection, output: Output, reading: Reading, isOver: boolean): Promise<void> {
  const path = `/api/tasks/${reading.task}/attempts/${reading.attempt}/log`;
  for (;;) {
    const range = `bytes=${reading.offset}-${reading.offset + CHUNK - 1}`;
    const response = await connection.get(path, { headers: { range } });
    if (response.status !== 206 && response.status !== 200) return;
    const body = new Uint8Array(await response.arrayBuffer());
    const bytes = response.status === 206 ? body : body.subarray(reading.offset);
    if (bytes.length === 0) return;
    const isEnd = bytes.length < CHUNK;
    const times = output.isJson ? readLogTimes(await timesOf(connection, path)) : [];
    // A line longer than a chunk is cut where the chunk ends.
    const isWhole = (isOver && isEnd) || (!isEnd && !bytes.includes(10));
    const { lines, rest } = readLogLines(bytes, reading.offset, times, isWhole);
    for (const { text, at } of lines) {
      output.line({ at, task: reading.task, attempt: reading.attempt, text }, `${reading.prefix}${text}\n`);
    }
    reading.offset = isWhole ? reading.offset + bytes.length : rest;
    if (isEnd) return;
  }
}

/** Prints the logs of a run, step by step in the order they began; with `follow` until the run is over. */
export async function printLogs(
  connection: Connection,
  output: Output,
  runId: string,
  step: string | undefined,
  follow: boolean,
): Promise<void> {
  const readings = new Map<string, Reading>();
  const bell = follow ? new Bell(connection, [`run:${runId}`]) : null;
  try {
    for (;;) {
      const run = await connection.api.runs.get.query({ id: runId });
      const tasks = tasksOfStep(run, step);
      if (step !== undefined && tasks.length === 0 && (bell === null || isRunOver(run.state))) {
        const names = tasksOfStep(run, undefined).map((task) => task.name);
        throw refused(
          `The run has no step ${step}${isRunOver(run.state) ? "" : " so far"}. Its steps: ${names.join(", ")}`,
        );
      }
      const isOne = tasks.length === 1 && step !== undefined;
      for (const task of tasks) {
        for (let attempt = 1; attempt <= task.attempt; attempt += 1) {
          const key = `${task.id}/${attempt}`;
          const prefix = isOne ? "" : `[${task.name}] `;
          const reading = readings.get(key) ?? { task: task.id, attempt, prefix, offset: 0 };
          readings.set(key, reading);
          await printNew(connection, output, reading, attempt < task.attempt || isTaskOver(task.state));
        }
      }
      if (bell === null || isRunOver(run.state)) return;
      await Promise.race([bell.next(), new Promise((resume) => setTimeout(resume, 300))]);
    }
  } finally {
    bell?.close();
  }
}
