/** `penstock cache`: forgets results, so that the steps that left them run again. */
import type { Command } from "commander";
import type { Connection } from "./connection";
import { EXIT, refused } from "./exit";
import { idOf } from "./references";
import { JSON_FLAG, type Session, type Wrap } from "./session";
import { findStep } from "./steps";
import { tasksOf } from "./tasks";

interface ForgetOptions {
  readonly pipeline?: string;
}

/** Forgets by pipeline: the step is one of its newest version. */
async function forgetOfPipeline({ api }: Connection, id: string, step: string | undefined): Promise<number> {
  if (step === undefined) return (await api.pipelines.forgetCache.mutate({ id })).forgotten;
  const { graph } = await api.pipelines.version.query({ id });
  return (await api.pipelines.forgetCache.mutate({ id, step: findStep(graph, step) })).forgotten;
}

/** Forgets what the tasks of a step left in a run, all of them in a loop. */
async function forgetOfRun(connection: Connection, id: string, step: string): Promise<number> {
  const { api } = connection;
  const run = await api.runs.get.query({ id });
  const { graph } = await api.pipelines.versionById.query({ versionId: run.version.id });
  const path = findStep(graph, step);
  const all = await tasksOf(connection, run);
  const tasks = all.filter(({ stepPath }) => stepPath === path || stepPath.startsWith(`${path}/`));
  if (tasks.length === 0) throw refused(`The step ${step} did not run in ${run.name}.`);
  let forgotten = 0;
  for (const task of tasks) forgotten += (await api.tasks.forgetCache.mutate({ id: task.id })).forgotten;
  return forgotten;
}

async function forget(
  { output, connect }: Session,
  first: string | undefined,
  second: string | undefined,
  { pipeline }: ForgetOptions,
): Promise<number> {
  const connection = connect();
  const byPipeline = pipeline !== undefined;
  if (byPipeline && second !== undefined) throw refused("Give a step beside --pipeline, and no run.");
  if (!byPipeline && (first === undefined || second === undefined))
    throw refused("Give a run and a step of it, or --pipeline with or without a step.");
  const forgotten = byPipeline
    ? await forgetOfPipeline(connection, await idOf(connection, "pipeline", pipeline), first)
    : await forgetOfRun(connection, await idOf(connection, "run", first ?? ""), second ?? "");
  const words = forgotten === 1 ? "One result is" : `${forgotten} results are`;
  output.print({ forgotten }, forgotten === 0 ? "There was nothing to forget." : `${words} forgotten.`);
  return EXIT.ok;
}

/** Adds the subcommands. */
export function addCache(program: Command, action: Wrap): void {
  program
    .command("cache")
    .description("forget results that steps would reuse")
    .command("forget")
    .description("forget what a step left in a run, or the results of a pipeline")
    .argument("[run]", "a run; with --pipeline the step")
    .argument("[step]", "path, key or name of a step")
    .option("--pipeline <name>", "forget results of all runs of this pipeline, of one step or of all")
    .option(...JSON_FLAG)
    .action(action(forget));
}
