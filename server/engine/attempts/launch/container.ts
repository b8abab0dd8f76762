/** Launch plan of a Kubeflow container step as a process: placeholders filled, its program found on this machine. */
import { dirname } from "node:path";
import type { ContainerBody } from "@/pipelines/graph";
import { expandEnvironment } from "@/server/domain/kfp/environment";
import { buildExecutorInput, type ExecutorInput, type RuntimeArtifact } from "@/server/domain/kfp/executor-input";
import { fillConstants, fillWords, type RunFacts } from "@/server/domain/kfp/placeholders";
import { findProgram } from "../command-path";
import { type AttemptRequest, type InputArtifact, StartRefusal } from "../contract";
import type { Environment } from "../environment";
import { type AttemptPaths, type LaunchPlan, LONGEST_ARGUMENT } from "./plan";

export interface ContainerTools {
  readonly base: Environment;
  /** Folder of the run, which placeholders call the pipeline root. */
  readonly root: string;
}

/** Plan of a command as its component wrote it. */
export function containerPlan(
  request: AttemptRequest,
  body: ContainerBody,
  paths: AttemptPaths,
  tools: ContainerTools,
): LaunchPlan {
  return planOf(request, body, [...body.command, ...body.args], paths, tools);
}

/** Plan of these words in the place of the step's own command. */
export function planOf(
  request: AttemptRequest,
  body: ContainerBody,
  words: readonly string[],
  paths: AttemptPaths,
  { base, root }: ContainerTools,
): LaunchPlan {
  const { input, facts, remarks } = executorInput(request, paths, root);
  const filled = fillWords(words, input, facts);
  const own = body.env.length === 0 ? [] : expandEnvironment(body.env, new Map(Object.entries(base)));
  const env = { ...base, ...Object.fromEntries(own) };
  const [name, ...args] = filled.words;
  if (body.command.length === 0 || name === undefined) throw withoutCommand(body);
  const argv = [programFor(body, name, env), ...args] as const;
  const tooLong = args.find((arg) => Buffer.byteLength(arg) >= LONGEST_ARGUMENT);
  if (tooLong !== undefined) throw argumentTooLong(tooLong);
  return {
    argv,
    cwd: paths.work,
    env,
    folders: outputFolders(input, argv, paths),
    remarks: [...remarks, ...filled.warnings],
  };
}

/** The ExecutorInput of an attempt, with the constants of its inputs filled. */
export function executorInput(request: AttemptRequest, paths: AttemptPaths, root: string) {
  const facts = runFacts(request, root);
  const given = new Map(Object.entries(request.inputs.parameters));
  const constants = fillConstants(request.step.parameters, given, facts);
  const input = buildExecutorInput({
    step: request.step,
    parameters: constants.values,
    artifacts: new Map(Object.entries(request.inputs.artifacts).map(([name, list]) => [name, list.map(asRuntime)])),
    outputDirectory: paths.out,
  });
  return { input, facts, remarks: constants.warnings };
}

const asRuntime = ({ name, type, uri, path, metadata }: InputArtifact): RuntimeArtifact => ({
  name,
  type,
  uri: path ?? uri,
  metadata,
});

function runFacts({ run, step, taskKey }: AttemptRequest, root: string): RunFacts {
  return {
    jobName: run.name,
    jobResourceName: `${run.pipelineName}-${run.id}`,
    jobId: run.id,
    taskName: step.key,
    taskId: String(taskKey),
    createdAt: new Date(run.createdAtMs).toISOString(),
    scheduledAt: new Date(run.scheduledAtMs).toISOString(),
    pipelineRoot: root,
  };
}

/** Parents of every output; none for a step that has no outputs and never asks for their place. */
export function outputFolders({ outputs }: ExecutorInput, argv: readonly string[], paths: AttemptPaths): string[] {
  const folders = new Set([
    ...Object.values(outputs.parameters).map(({ outputFile }) => dirname(outputFile)),
    ...Object.values(outputs.artifacts).flatMap(({ artifacts }) => artifacts.map(({ uri }) => dirname(uri))),
  ]);
  if (folders.size === 0 && argv.some((word) => word.includes(paths.out))) folders.add(paths.out);
  return [...folders];
}

function programFor(body: ContainerBody, name: string, env: Environment): string {
  const program = findProgram(name, env.PATH ?? "");
  if (program !== null) return program;
  throw new StartRefusal({
    code: "command-not-found",
    message: `The step needs a container profile: the image ${body.image} brings a program "${name}", which is not on this machine. Install it, or choose a profile that runs containers.`,
    subject: name,
  });
}

const withoutCommand = ({ image }: ContainerBody): StartRefusal =>
  new StartRefusal({
    code: "command-not-found",
    message: `The step names no command: it would run what the image ${image} starts by itself, which needs a container profile. Name a command in the component, or choose a profile that runs containers.`,
    subject: image,
  });

const argumentTooLong = (argument: string): StartRefusal =>
  new StartRefusal({
    code: "cannot-start",
    message: `One argument of the step has ${Math.ceil(Buffer.byteLength(argument) / 1024)} KB; the system takes 128 KB at most. Hand large values over as artifacts.`,
    subject: null,
  });
