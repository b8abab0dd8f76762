/** Outputs of a file step in shared mode: declared files copied out of the workspace, display files, the executed notebook. */
import { constants, lstatSync, readdirSync, statSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import picomatch from "picomatch";
import type { FileBody } from "@/pipelines/graph";
import { startedAtMs } from "../../executors/attempt-traces";
import type { AttemptRequest, Collected, ProducedArtifact } from "../contract";
import { executedNotebook } from "../launch/file";
import type { AttemptPaths } from "../launch/plan";
import type { CollectTools } from "./collect-tools";
import { confined, isWithin } from "./confine";
import { readDisplayFiles } from "./display-files";

const MOST_FILES = 10_000;
const EXECUTED_NOTEBOOK = "executed notebook";
const isPattern = (text: string): boolean => /[*?[]/.test(text);

/** Collects what the step declared and what it left to be shown. */
export async function collectFileOutputs(
  request: AttemptRequest,
  body: FileBody,
  paths: AttemptPaths,
  tools: CollectTools,
): Promise<Collected> {
  const workspace = tools.dataDir.workspace(request.run.key);
  const cwd = dirname(join(workspace, body.file));
  const warnings: string[] = [];
  const artifacts = body.runner === "notebook" ? await collectExecutedNotebook(body, paths, tools) : [];
  const keep = async (output: string, position: number, name: string, path: string): Promise<void> => {
    artifacts.push(...(await kept({ output, position, name }, path, tools)));
  };

  for (const pattern of body.outputs) {
    const saidBefore = warnings.length;
    const found = matching(workspace, cwd, pattern, warnings);
    if (found.length === 0 && !isPattern(pattern) && warnings.length === saidBefore) {
      warnings.push(`The declared output ${pattern} was not written.`);
    }
    for (const [position, file] of found.entries()) {
      const name = relative(workspace, file);
      const copy = join(paths.out, "outputs", name);
      await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
      await copyFile(file, copy, constants.COPYFILE_FICLONE);
      await keep(pattern, position, name, copy);
    }
  }
  const display = readDisplayFiles(cwd, workspace, startedAtMs(paths.directory) ?? 0);
  warnings.push(...display.warnings);
  for (const { name, file } of display.files) {
    const copy = join(paths.out, name);
    await copyFile(file, copy, constants.COPYFILE_FICLONE);
    await keep(name, 0, name, copy);
  }
  return { parameters: {}, artifacts, metrics: display.metrics, warnings };
}

/** The executed copy of a notebook, as far as it got. */
export const collectExecutedNotebook = (body: FileBody, paths: AttemptPaths, tools: CollectTools) =>
  kept({ output: EXECUTED_NOTEBOOK, position: 0, name: basename(body.file) }, executedNotebook(paths, body), tools);

async function kept(
  place: Pick<ProducedArtifact, "output" | "position" | "name">,
  path: string,
  tools: CollectTools,
): Promise<ProducedArtifact[]> {
  const measured = await tools.measure(path);
  if (measured === null) return [];
  const { size, digest, isDirectory } = measured;
  return [{ ...place, type: "system.Artifact", path, uri: path, size, digest, isDirectory, metadata: {} }];
}

/** The files that a declared output means: itself, all of a folder, or whatever a wildcard finds, in order. */
function matching(workspace: string, cwd: string, pattern: string, warnings: string[]): string[] {
  const target = resolve(cwd, pattern);
  if (!isWithin(target, workspace)) {
    warnings.push(`The declared output ${pattern} lies outside the run's files and was not kept.`);
    return [];
  }
  if (!isPattern(pattern)) return filesAt(workspace, target, warnings);
  const fixed = dirname(target.slice(0, target.search(/[*?[]/)).concat("x"));
  const isMatch = picomatch(target, { dot: true, nobrace: true, noextglob: true, nonegate: true });
  return filesAt(workspace, fixed, warnings).filter((file) => isMatch(file));
}

function filesAt(workspace: string, path: string, warnings: string[]): string[] {
  const real = confined(path, [workspace]);
  if (real === null) {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      warnings.push(`${relative(workspace, path)} is a link that leaves the run's files; it was not kept.`);
    }
    return [];
  }
  const stat = statSync(real);
  if (stat.isFile()) return [path];
  if (!stat.isDirectory()) return [];
  const files = readdirSync(real, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(path, relative(real, join(entry.parentPath, entry.name))))
    .sort();
  if (files.length <= MOST_FILES) return files;
  warnings.push(`${relative(workspace, path)} holds ${files.length} files; the first ${MOST_FILES} were kept.`);
  return files.slice(0, MOST_FILES);
}
