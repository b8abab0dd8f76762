/** Launch plan of a Kubeflow container step as a process: placeholders filled, its program found on this machine. */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { ContainerBody } from "@/pipelines/graph";
import { isPlatformInput } from "@/pipelines/kfp/platform";
import { buildExecutorInput, type ExecutorInput, type RuntimeArtifact } from "@/server/domain/kfp/executor-input";
import { fillWords } from "@/server/domain/kfp/placeholders";
import { runFacts } from "@/server/domain/kfp/run-facts";
import { findProgram } from "@/server/platform/command-path";
import { type AttemptRequest, type InputArtifact, StartRefusal, type Vault } from "../../contract";
import type { Environment } from "../../environment";
import { withInputFiles } from "../input-files";
import type { AttemptPaths, LaunchPlan } from "../plan";
import { componentCommand } from "./component";
import { containerEnvironment } from "./environment";
import { excessOf, type ShortCommand, shortPython } from "./long-arguments";

export interface ContainerTools {
  readonly base: Environment;
  /** Folder of the run, which placeholders call the pipeline root. */
  readonly root: string;
  readonly vault: Vault;
}

/** Plan of a step's command and arguments, or of what is left of them without the installing shell. */
export function containerPlan(
  request: AttemptRequest,
  body: ContainerBody,
  words: readonly string[],
  paths: AttemptPaths,
  { base, root, vault }: ContainerTools,
): LaunchPlan {
  const { input, facts } = executorInput(request, paths, root);
  const filled = fillWords(withInputFiles(request, body, words, paths), input, facts);
  const env = containerEnvironment(request, body, base, vault);
  const short = componentCommand(filled.words, paths.directory) ?? shortened(filled.words, paths);
  const [name, ...args] = short.words;
  if (body.command.length === 0 || name === undefined) throw withoutCommand(body);
  return {
    argv: [programFor(body, name, env), ...args],
    cwd: workingDirectory(request, paths),
    env: { ...env, ...short.env },
    folders: [...outputFolders(input, filled.words, paths), ...workspaceFolder(facts.workspacePath, filled.words)],
    remarks: filled.warnings,
  };
}

/** The ExecutorInput of an attempt; what the platform document takes as inputs is not the program's business. */
export function executorInput(request: AttemptRequest, paths: AttemptPaths, root: string) {
  const { run, step, taskKey, inputs } = request;
  const parameters = Object.entries(inputs.parameters).filter(([name]) => !isPlatformInput(name));
  const input = buildExecutorInput({
    step,
    parameters: new Map(parameters),
    artifacts: new Map(Object.entries(inputs.artifacts).map(([name, list]) => [name, list.map(asRuntime)])),
    outputDirectory: paths.out,
  });
  return { input, facts: runFacts(run, step.key, taskKey, root) };
}

const asRuntime = ({ name, type, uri, path, metadata }: InputArtifact): RuntimeArtifact => ({
  name,
  type,
  uri: path ?? uri,
  metadata,
});

/** Where container steps of the run's profile start. Throws `StartRefusal` where that is no directory. */
function workingDirectory({ run }: AttemptRequest, { work }: AttemptPaths): string {
  const { workingDirectory: wanted } = run.profile;
  if (wanted === null) return work;
  if (statSync(wanted, { throwIfNoEntry: false })?.isDirectory() === true) return wanted;
  throw new StartRefusal({
    code: "cannot-start",
    message: `The profile starts steps in ${wanted}, which is no directory of this machine. Make it, or change the profile and start a new run.`,
    subject: wanted,
  });
}

/** The workspace of the run, for a step that asks where it is. */
export const workspaceFolder = (workspace: string | undefined, argv: readonly string[]): string[] =>
  workspace !== undefined && argv.some((word) => word.includes(workspace)) ? [workspace] : [];

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

/** The words themselves, or what says the same in short. Throws `StartRefusal` where only Python could. */
export function shortened(words: readonly string[], { directory }: AttemptPaths): ShortCommand {
  const excess = excessOf(words);
  if (excess === null) return { words, env: {} };
  const short = shortPython(words, directory);
  if (short !== null) return short;
  throw new StartRefusal({
    code: "cannot-start",
    message: `The arguments of the step are too long for the system: ${Math.ceil(excess / 1024)} KB, where one may have 128 KB and all about 1 MB. Hand large values over as artifacts.`,
    subject: null,
  });
}
