/** Uploads what was named on the command line: files and folders as they are, a `.py` as what kfp makes of it. */
import { extname, resolve } from "node:path";
import type { UploadView } from "@/server/domain/views/pipelines";
import { readEnv } from "@/server/platform/env";
import { compiled } from "./compile-python";
import type { Connection } from "./connection";
import { refused } from "./exit";
import type { Session } from "./session";
import { submitShape } from "./shapes";
import { collectFiles, type SentFile } from "./submit-files";
import { type UploadOptions, upload } from "./upload";

export interface SourceOptions {
  readonly python?: string;
  readonly function?: string;
}

export const FILES_ARGUMENT = [
  "<file...>",
  "a .pipeline, .yaml, .json, .ipynb, .zip, .py or folder, and further files",
] as const;
export const FUNCTION_FLAG = ["--function <name>", "the pipeline of a .py that defines several"] as const;
export const PYTHON_FLAG = [
  "--python <interpreter>",
  "the one whose kfp compiles a .py (PENSTOCK_PYTHON, python3)",
] as const;

const SHOWN_FILES = 10;

const isPython = (path: string): boolean => extname(path).toLowerCase() === ".py";

/** Uploads a pipeline. Throws what the compiler or the server refuses. */
export async function sendPipeline(
  { output, surroundings }: Session,
  connection: Connection,
  args: readonly string[],
  source: SourceOptions,
  options: UploadOptions = {},
): Promise<UploadView> {
  const { cwd, env } = surroundings;
  const send = (files: readonly SentFile[]) => upload(connection, output, files, options);
  const [first = "", ...others] = args;
  if (isPython(first)) {
    if (others.length > 0) throw refused("Give a .py alone: what it needs is compiled into the pipeline.");
    const python = source.python ?? readEnv(env, { insecure: true }).python;
    return compiled(resolve(cwd, first), { python, function: source.function }, (file) => send([file]));
  }
  if (source.function !== undefined) throw refused("--function names a pipeline of a .py; none was given.");
  const files = await collectFiles(args, cwd);
  const names = files.map((file) => file.path).slice(0, SHOWN_FILES);
  if (files.length > 1) output.note(`Uploading ${files.length} files: ${names.join(", ")}`);
  return send(files);
}

/** What is said of a version that lacks files. */
export function incompleteWords({ pipeline, version }: UploadView): string {
  const list = version.missing.map((path) => `  ${path}`).join("\n");
  return `${pipeline.name} version ${version.number} is Incomplete. These files are missing:\n${list}\nGive them too, or the folder that holds them.`;
}

/** What an upload prints as JSON. */
export function uploadShape(uploaded: UploadView) {
  const { pipeline, version } = submitShape(uploaded, null);
  return { pipeline, version };
}
