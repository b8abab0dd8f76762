/** Launch plan of a step that is one file of the bundle: a script or a notebook, run at its site by its interpreter. */
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { FileBody } from "@/pipelines/graph";
import { findProgram } from "@/server/platform/command-path";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import type { PythonEnvironment } from "../../../python/environments";
import type { Interpreter } from "../../../python/interpreter";
import { type AttemptRequest, StartRefusal } from "../../contract";
import { type Environment, identityIn, privateFolder } from "../../environment";
import { withPython } from "../container/lightweight-python";
import type { AttemptPaths, LaunchPlan } from "../plan";
import { elyraEnvironment } from "./environment";
import type { FileSite } from "./site";
import { needFile } from "./workspace";

export interface FileTools {
  readonly site: FileSite;
  /** The profile's Python; null for R. */
  readonly interpreter: Interpreter | null;
  /** What runs notebooks: the environment with nbclient, and the helper's path. */
  readonly notebook: { readonly environment: PythonEnvironment; readonly helper: string } | null;
  readonly base: Environment;
  /** Values of the step's secrets by the variable they go to. */
  readonly secrets: Environment;
}

/** Plan of a file step. Its folder is the working directory; a script's name is its only argument. */
export function filePlan(request: AttemptRequest, body: FileBody, paths: AttemptPaths, tools: FileTools): LaunchPlan {
  const { interpreter, notebook, site } = tools;
  needFile(site, request.run);
  const { file, cwd } = site;
  const base = interpreter === null ? tools.base : withPython(tools.base, interpreter);
  const given = elyraEnvironment(body, request.run, privateFolder(paths.directory), tools.secrets);
  const env = { ...base, ...given, ...identityIn(base) };
  const common = { cwd, env, folders: [paths.out], remarks: [] };
  if (interpreter === null) return { ...common, argv: [rscript(body, env), basename(file)] };
  if (notebook === null) return { ...common, argv: [interpreter.executable, basename(file)] };
  const options = {
    "--notebook": file,
    "--output": executedNotebook(paths, body),
    "--cwd": cwd,
    "--events": join(paths.directory, ATTEMPT_FILES.events),
    "--kernel-python": interpreter.executable,
    ...parametersOption(request, body, paths),
  };
  return { ...common, argv: [notebook.environment.python, notebook.helper, ...Object.entries(options).flat()] };
}

/** The node's pipeline parameters, typed, for the cell that is put behind one tagged `parameters`. */
export function parametersOption(
  { run }: AttemptRequest,
  body: FileBody,
  paths: AttemptPaths,
): { "--parameters"?: string } {
  if (body.parameterEnv.length === 0) return {};
  const file = join(paths.directory, "parameters.json");
  const given = body.parameterEnv.map((name) => ({ name, value: run.parameters[name] ?? null }));
  writeFileSync(file, JSON.stringify(given), { mode: 0o600 });
  return { "--parameters": file };
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
