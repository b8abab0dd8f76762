/** Launch plan of a step that is one file of the bundle: a script or a notebook, run in the workspace by its interpreter. */
import { basename, dirname, join } from "node:path";
import type { FileBody } from "@/pipelines/graph";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import type { PythonEnvironment } from "../../python/environments";
import type { Interpreter } from "../../python/interpreter";
import { findProgram } from "../command-path";
import { type AttemptRequest, StartRefusal } from "../contract";
import { type Environment, privateFolder } from "../environment";
import { elyraEnvironment } from "./elyra-environment";
import { withPython } from "./lightweight-python";
import type { AttemptPaths, LaunchPlan } from "./plan";
import { fileInWorkspace } from "./workspace";

export interface FileTools {
  readonly workspace: string;
  /** The profile's Python; null for R. */
  readonly interpreter: Interpreter | null;
  /** What runs notebooks: the environment with nbclient, and the helper's path. */
  readonly notebook: { readonly environment: PythonEnvironment; readonly helper: string } | null;
  readonly base: Environment;
}

/** Plan of a file step. Its folder is the working directory; a script's name is its only argument. */
export function filePlan(request: AttemptRequest, body: FileBody, paths: AttemptPaths, tools: FileTools): LaunchPlan {
  const { interpreter, notebook, workspace } = tools;
  const file = fileInWorkspace(workspace, body.file);
  const base = interpreter === null ? tools.base : withPython(tools.base, interpreter);
  const env = { ...base, ...elyraEnvironment(body, request.run, privateFolder(paths.directory)) };
  const cwd = dirname(file);
  const common = { cwd, env, folders: [paths.out], remarks: [] };
  if (interpreter === null) return { ...common, argv: [rscript(body, env), basename(file)] };
  if (notebook === null) return { ...common, argv: [interpreter.executable, basename(file)] };
  const options = {
    "--notebook": file,
    "--output": executedNotebook(paths, body),
    "--cwd": cwd,
    "--events": join(paths.directory, ATTEMPT_FILES.events),
    "--kernel-python": interpreter.executable,
  };
  return { ...common, argv: [notebook.environment.python, notebook.helper, ...Object.entries(options).flat()] };
}

function rscript(body: FileBody, env: Environment): string {
  const program = findProgram("Rscript", env.PATH ?? "");
  if (program !== null) return program;
  throw new StartRefusal({
    code: "bad-interpreter",
    message: `The step runs ${body.file} with Rscript, which is not on this machine. Install R, then retry.`,
    subject: "Rscript",
  });
}

/** Where the executed copy of a notebook goes; the source stays as it is. */
export const executedNotebook = (paths: AttemptPaths, body: FileBody): string => join(paths.out, basename(body.file));
