/** Launch plan of a Kubeflow container step in its image: the command as written, its files at the places it is told. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ContainerBody } from "@/pipelines/graph";
import { fillWords } from "@/server/domain/kfp/placeholders";
import type { AttemptRequest } from "../../contract";
import { stepEnvironment } from "../../environment";
import { executorInput, outputFolders, shortened, workspaceFolder } from "../container/command";
import { containerEnvironment } from "../container/environment";
import { wrapperOf } from "../container/lightweight-python";
import { withInputFiles } from "../input-files";
import type { AttemptPaths, LaunchPlan, Preparation } from "../plan";
import type { InterpreterTools } from "../with-interpreter";
import { commonMounts, RUNTIME, readable, writable } from "./mounts";
import { containerOrder, type OrderTools } from "./order";
import { platformMounts } from "./platform-mounts";
import { type PurePackages, purePackages } from "./pure-packages";

export type ContainedTools = OrderTools & InterpreterTools;

/** The plan of a container step; a lightweight component's packages are looked up first. */
export function planContainerStep(
  tools: ContainedTools,
  request: AttemptRequest,
  body: ContainerBody,
  paths: AttemptPaths,
): LaunchPlan | Preparation {
  const asWritten = () => plan(tools, request, body, paths, [...body.command, ...body.args], null);
  const wrapper = wrapperOf(body);
  if (wrapper === null || wrapper.packages.length === 0) return asWritten();
  return async (waiter) => {
    const packages = await purePackages(tools, request, wrapper.packages, waiter);
    return packages === null ? asWritten() : plan(tools, request, body, paths, wrapper.rest, packages);
  };
}

/** What the step's helpers have written beside its folders. */
const ownFiles = ({ directory }: AttemptPaths): string[] =>
  ["inputs", "input.json", "ephemeral_component.py"]
    .map((name) => join(directory, name))
    .filter((path) => existsSync(path));

function plan(
  tools: ContainedTools,
  request: AttemptRequest,
  body: ContainerBody,
  paths: AttemptPaths,
  words: readonly string[],
  packages: PurePackages | null,
): LaunchPlan {
  const { input, facts } = executorInput(request, paths, tools.root);
  const filled = fillWords(withInputFiles(request, body, words, paths), input, facts);
  const base = stepEnvironment(request, paths.directory, {});
  const own = containerEnvironment(request, body, base, tools.vault);
  const path = [packages?.folder, own.PYTHONPATH].filter(Boolean).join(":");
  const { words: argv, env } = shortened(filled.words, paths);
  const workspace = workspaceFolder(facts.workspacePath, filled.words);
  const folders = [paths.out, ...outputFolders(input, filled.words, paths), ...workspace];
  const given = platformMounts(request, paths, tools, request.run.profile.executor === "docker");
  const isShort = argv !== filled.words;
  return {
    argv,
    cwd: paths.work,
    env: { ...own, ...(path === "" ? {} : { PYTHONPATH: path }), ...env },
    folders,
    remarks: [...filled.warnings, ...given.remarks],
    container: () =>
      containerOrder(request, paths, tools, {
        image: body.image,
        usesEntrypoint: body.command.length === 0,
        cwd: request.run.profile.workingDirectory,
        memory: given.memory,
        mounts: [
          ...commonMounts(request, paths),
          ...workspace.map((folder) => writable(folder)),
          ...ownFiles(paths).map((file) => readable(file)),
          ...(isShort ? [readable(RUNTIME)] : []),
          ...(packages === null ? [] : [readable(packages.folder)]),
          ...given.mounts,
        ],
      }),
  };
}
