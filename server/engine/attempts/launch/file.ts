/** Launch plan of a step that is one file of the bundle: a script or a notebook, run in the workspace by its interpreter. */
import { basename, delimiter, dirname, join } from "node:path";
import type { FileBody } from "@/pipelines/graph";
import type { Interpreter } from "../../python/interpreter";
import { findProgram } from "../command-path";
import { type AttemptRequest, StartRefusal } from "../contract";
import { type Environment, privateFolder } from "../environment";
import { elyraEnvironment } from "./elyra-environment";
import type { AttemptPaths, LaunchPlan } from "./plan";
import { fileInWorkspace } from "./workspace";

export interface FileTools {
  readonly workspace: string;
  /** For scripts the profile's interpreter. */
  readonly interpreter: Interpreter | null;
  readonly base: Environment;
}

/** Plan of a script: its name is the only argument, its folder the working directory. */
export function scriptPlan(request: AttemptRequest, body: FileBody, paths: AttemptPaths, tools: FileTools): LaunchPlan {
  const file = fileInWorkspace(tools.workspace, body.file);
  const env = fileEnvironment(request, body, paths, tools);
  return { argv: [scriptProgram(body, env, tools.interpreter), basename(file)], cwd: dirname(file), env, makesOutputs: true };
}

/** The environment of a file step: `python` in it is the profile's. */
export function fileEnvironment(
  request: AttemptRequest,
  body: FileBody,
  paths: AttemptPaths,
  tools: Pick<FileTools, "base" | "interpreter">,
): Environment {
  const { base, interpreter } = tools;
  const env = { ...base, ...elyraEnvironment(body, request.run, privateFolder(paths.directory)) };
  if (interpreter === null) return env;
  return { ...env, PATH: [dirname(interpreter.executable), env.PATH].filter(Boolean).join(delimiter) };
}

function scriptProgram(body: FileBody, env: Environment, interpreter: Interpreter | null): string {
  if (body.runner === "python" && interpreter !== null) return interpreter.executable;
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
