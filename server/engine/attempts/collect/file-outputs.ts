/** Outputs of a file step: declared files copied out of where it worked, display files, the executed notebook. */
import { constants, lstatSync, statSync } from "node:fs";
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import picomatch from "picomatch";
import type { FileBody } from "@/pipelines/graph";
import { startedAtMs } from "../../executors/attempt-traces";
import type { AttemptRequest, Collected, ProducedArtifact } from "../contract";
import { privateFolder } from "../environment";
import { executedNotebook } from "../launch/file/command";
import { fileSite } from "../launch/file/site";
import type { AttemptPaths } from "../launch/plan";
import { type CollectTools, type Gathered, OutputRefusal } from "./collect-tools";
import { confined, isWithin } from "./confine";
import { readDisplayFiles } from "./display-files";
import { keptContent, tooLarge } from "./kept-content";
import { fileKind } from "./measure";

const MOST_FILES = 10_000;
const EXECUTED_NOTEBOOK = "executed notebook";
const isPattern = (text: string): boolean => /[*?[]/.test(text);

/** Collects what the step declared and what it left to be shown. */
export async function collectFileOutputs(
  request: AttemptRequest,
  body: FileBody,
  paths: AttemptPaths,
  tools: CollectTools,
): Promise<Gathered> {
  const { root: workspace, cwd } = fileSite(request, body, paths, tools.dataDir);
  const warnings: string[] = [];
  const missing: string[] = [];
  const artifacts = body.runner === "notebook" ? await collectExecutedNotebook(body, paths, tools) : [];
  const keep = async (output: string, position: number, name: string, path: string): Promise<void> => {
    artifacts.push(...(await kept({ output, position, name }, path, tools)));
  };

  for (const pattern of body.outputs) {
    const saidBefore = warnings.length;
    const found = await matching(workspace, cwd, pattern, warnings);
    const isUnsaid = warnings.length === saidBefore || request.run.fileMode === "isolated";
    if (found.length === 0 && !isPattern(pattern) && isUnsaid) missing.push(pattern);
    for (const [position, file] of found.entries()) {
      const name = relative(workspace, file);
      checkSize(file, name, pattern, tools);
      const copy = join(paths.out, "outputs", name);
      await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
      await copyFile(file, copy, constants.COPYFILE_FICLONE);
      await keep(pattern, position, name, copy);
    }
  }
  const writable = privateFolder(paths.directory);
  const display = readDisplayFiles([cwd, writable], [workspace, writable], startedAtMs(paths.directory) ?? 0);
  warnings.push(...display.warnings);
  for (const { name, file } of display.files) {
    const copy = join(paths.out, name);
    await copyFile(file, copy, constants.COPYFILE_FICLONE);
    await keep(name, 0, name, copy);
  }
  const collected: Collected = { parameters: {}, artifacts, metrics: display.metrics, warnings };
  if (missing.length === 0) return { ok: true, collected };
  if (request.run.fileMode === "isolated") {
    const reason = { code: "bad-output", message: notWritten(missing), subject: request.step.path } as const;
    return { ok: false, reason, collected };
  }
  warnings.unshift(...missing.map((name) => `The declared output ${name} was not written.`));
  return { ok: true, collected };
}

function notWritten(names: readonly string[]): string {
  const listed = names.slice(0, 5).join(", ");
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return `The step ended well but did not write what it declares: ${listed}${more}. Write it, or take it off the node's outputs.`;
}

/** Before the copy, which costs the same room again. */
function checkSize(file: string, name: string, pattern: string, { setting }: CollectTools): void {
  const bytes = statSync(file).size;
  const limit = setting("max-artifact-bytes");
  if (bytes <= limit) return;
  throw new OutputRefusal("too-large", tooLarge(`The output ${name}`, bytes, limit, "max-artifact-bytes"), pattern);
}

/** The executed copy of a notebook, as far as it got. */
export const collectExecutedNotebook = (body: FileBody, paths: AttemptPaths, tools: CollectTools) =>
  kept({ output: EXECUTED_NOTEBOOK, position: 0, name: basename(body.file) }, executedNotebook(paths, body), tools);

async function kept(
  place: Pick<ProducedArtifact, "output" | "position" | "name">,
  path: string,
  tools: CollectTools,
): Promise<ProducedArtifact[]> {
  const measured = await keptContent(path, `The output ${place.name}`, place.output, tools);
  if (measured === null) return [];
  const { size, digest, isDirectory } = measured;
  return [{ ...place, type: "system.Artifact", path, uri: path, size, digest, isDirectory, metadata: {} }];
}

/** The files that a declared output means: itself, all of a folder, or whatever a wildcard finds, in order. */
async function matching(workspace: string, cwd: string, pattern: string, warnings: string[]): Promise<string[]> {
  const target = resolve(cwd, pattern);
  if (!isWithin(target, workspace)) {
    warnings.push(`The declared output ${pattern} lies outside the run's files and was not kept.`);
    return [];
  }
  if (!isPattern(pattern)) return filesAt(workspace, target, warnings);
  const fixed = dirname(target.slice(0, target.search(/[*?[]/)).concat("x"));
  const isMatch = picomatch(target, { dot: true, nobrace: true, noextglob: true, nonegate: true });
  return (await filesAt(workspace, fixed, warnings)).filter((file) => isMatch(file));
}

async function filesAt(workspace: string, path: string, warnings: string[]): Promise<string[]> {
  const real = confined(path, [workspace]);
  if (real === null) {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      warnings.push(`${relative(workspace, path)} is a link that leaves the run's files; it was not kept.`);
    }
    return [];
  }
  const stat = statSync(real);
  if (stat.isFile()) return [path];
  if (!stat.isDirectory()) {
    warnings.push(`${relative(workspace, path)} is ${fileKind(stat)}; it was not kept.`);
    return [];
  }
  const entries = await readdir(real, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(path, relative(real, join(entry.parentPath, entry.name))))
    .sort();
  if (files.length <= MOST_FILES) return files;
  warnings.push(`${relative(workspace, path)} holds ${files.length} files; the first ${MOST_FILES} were kept.`);
  return files.slice(0, MOST_FILES);
}
