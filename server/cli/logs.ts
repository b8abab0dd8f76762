/** `penstock logs`: prints the logs of a run's steps, and follows them to the end of the run. */
import type { Command } from "commander";
import { GROUP_KINDS } from "@/pipelines/graph";
import { isRunOver, isTaskOver } from "@/server/domain/states";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { Bell } from "./changes";
import type { Connection } from "./connection";
import { EXIT, refused } from "./exit";
import { readLogLines, readLogTimes } from "./log-lines";
import type { Output } from "./output";
import { idOf } from "./references";
import { RUN_ARGUMENT, type Session, type Wrap } from "./session";
import { tasksOf } from "./tasks";

/** Bytes fetched at once, so that a long log does not fill the memory. */
const CHUNK = 4 * 1024 * 1024;

/** Tasks that a step given by path, key or name means; all that write logs when none is given. */
function tasksOfStep(tasks: readonly TaskSummary[], step: string | undefined): TaskSummary[] {
  const leaves = tasks.filter((task) => !GROUP_KINDS.has(task.kind));
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

interface LogOptions {
  readonly follow?: boolean;
  readonly attempt?: string;
}

function attemptOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw refused("--attempt is the number of an attempt, the first one is 1.");
  return Number(text);
}

/** Numbers of the attempts of a task that are wanted. */
function attemptsOf({ attempt: newest }: TaskSummary, only: number | null): number[] {
  if (only !== null) return only <= newest ? [only] : [];
  return Array.from({ length: newest }, (_, index) => index + 1);
}

function noStep(all: readonly TaskSummary[], step: string, isOver: boolean): Error {
  const names = tasksOfStep(all, undefined).map((task) => task.name);
  return refused(`The run has no step ${step}${isOver ? "" : " so far"}. Its steps: ${names.join(", ")}`);
}

/** Prints the logs of a run, step by step in the order they began; with `follow` until the run is over. */
async function printLogs(
  { output, connect }: Session,
  given: string,
  step: string | undefined,
  { follow = false, attempt }: LogOptions,
): Promise<number> {
  const only = attemptOf(attempt);
  const connection = connect();
  const id = await idOf(connection, "run", given);
  const readings = new Map<string, Reading>();
  const bell = follow ? new Bell(connection, [`run:${id}`]) : null;
  try {
    for (;;) {
      const run = await connection.api.runs.get.query({ id });
      const isOver = isRunOver(run.state);
      const all = await tasksOf(connection, run);
      const tasks = tasksOfStep(all, step);
      if (step !== undefined && tasks.length === 0 && (bell === null || isOver)) throw noStep(all, step, isOver);
      const isOne = tasks.length === 1 && step !== undefined;
      for (const task of tasks) {
        for (const number of attemptsOf(task, only)) {
          const key = `${task.id}/${number}`;
          const prefix = isOne ? "" : `[${task.name}] `;
          const reading = readings.get(key) ?? { task: task.id, attempt: number, prefix, offset: 0 };
          readings.set(key, reading);
          await printNew(connection, output, reading, number < task.attempt || isTaskOver(task.state));
        }
      }
      if (bell === null || isOver) break;
      await Promise.race([bell.next(), new Promise((resume) => setTimeout(resume, 300))]);
    }
  } finally {
    bell?.close();
  }
  if (only !== null && readings.size === 0) throw refused(`No step of the run has an attempt ${only}.`);
  return EXIT.ok;
}

/** Adds the subcommand. */
export function addLogs(program: Command, action: Wrap): void {
  program
    .command("logs")
    .description("print the logs of a run's steps")
    .argument(...RUN_ARGUMENT)
    .argument("[step]", "path, key or name of a step")
    .option("-f, --follow", "go on until the run is over")
    .option("--attempt <n>", "only this attempt of each step, the first one is 1")
    .option("--json", "print a JSON value a line")
    .action(action(printLogs));
}
