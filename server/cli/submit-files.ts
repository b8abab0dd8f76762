/** Which files `submit` sends: those given, and for a `.pipeline` the ones it names, never from above the folder given. */
import { createHash } from "node:crypto";
import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { parsePipeline } from "@/pipelines";
import { matchDependencies } from "@/pipelines/elyra/bundle";
import { folderOf, isPattern, readPattern } from "@/pipelines/elyra/paths";
import { definitionPaths, hasComponents, textInputs } from "@/pipelines/elyra/resolve-components";
import type { PipelineGraph } from "@/pipelines/graph";
import { refused } from "./exit";

/** A file on disk and the path it is sent under. */
export interface SentFile {
  readonly file: string;
  readonly path: string;
}

const MAX_FILES = 20_000;
const isInside = (root: string, path: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

/** Every file below a folder; hidden ones, what packages leave and links that lead out are passed over. */
async function filesBelow(folder: string, root: string, found: string[] = []): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".") || entry.name === "node_modules" || entry.name === "__pycache__") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await filesBelow(path, root, found);
    else if (await isFileInside(path, root)) found.push(path);
    if (found.length > MAX_FILES) throw refused(`${folder} holds more than ${MAX_FILES} files. Give a smaller folder.`);
  }
  return found;
}

async function isFileInside(path: string, root: string): Promise<boolean> {
  try {
    const real = await realpath(path);
    return isInside(await realpath(root), real) && (await stat(real)).isFile();
  } catch {
    return false;
  }
}

/** What a `.pipeline` names, as files on disk below `root`. */
async function namedFiles(graph: PipelineGraph, home: string, root: string): Promise<string[]> {
  const found = new Set<string>();
  const add = async (place: string): Promise<void> => {
    if (!isInside(root, place)) return;
    if (await isFileInside(place, root)) found.add(place);
    else if (
      await stat(place).then(
        (one) => one.isDirectory(),
        () => false,
      )
    ) {
      for (const file of await filesBelow(place, root)) found.add(file);
    }
  };
  for (const need of graph.needs) if (need.kind === "file") await add(resolve(home, need.path));
  for (const { body } of graph.steps) {
    if (body.body !== "file" || !body.dependencies.some(isPattern)) continue;
    const folders = body.dependencies.flatMap((text) => {
      const pattern = isPattern(text) ? readPattern(folderOf(body.file), text, body.includeSubdirectories) : null;
      return pattern === null ? [] : [resolve(home, pattern.folder)];
    });
    const near: string[] = [];
    for (const folder of new Set(folders)) if (isInside(root, folder)) near.push(...(await filesBelow(folder, root)));
    const seen = new Map(near.map((file) => [relative(home, file).split(sep).join("/"), file]));
    for (const match of matchDependencies(body, [...seen.keys()]).files) {
      const file = seen.get(match);
      if (file !== undefined) found.add(file);
    }
  }
  if (hasComponents(graph)) {
    for (const name of textInputs(graph)) await add(resolve(home, name));
    const near = (await filesBelow(home, root)).filter((file) => /\.ya?ml$/i.test(file));
    const seen = new Map(near.map((file) => [relative(home, file).split(sep).join("/"), file]));
    const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
    for (const path of definitionPaths(graph, [...seen.keys()], hash)) found.add(resolve(home, path));
  }
  return [...found];
}

function commonFolder(paths: readonly string[]): string {
  const [first = "", ...others] = paths.map(dirname);
  let common = first;
  while (!others.every((folder) => isInside(common, folder))) common = dirname(common);
  return common;
}

async function givenFiles(args: readonly string[], cwd: string): Promise<{ files: string[]; folder: string | null }> {
  const files: string[] = [];
  let folder: string | null = null;
  for (const arg of args) {
    const path = resolve(cwd, arg);
    const kind = await lstat(path).catch(() => null);
    if (kind === null) throw refused(`There is no file ${arg}.`);
    const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false;
    if (isFolder) {
      folder ??= path;
      files.push(...(await filesBelow(path, path)));
    } else files.push(path);
  }
  return { files: [...new Set(files)], folder };
}

/**
 * Collects what to send for these arguments. The folder given is the one named, else the working directory when it
 * holds the `.pipeline`, else the `.pipeline`'s own. Files from elsewhere are sent by their bare name.
 */
export async function collectFiles(args: readonly string[], cwd: string): Promise<SentFile[]> {
  const { files, folder } = await givenFiles(args, cwd);
  const pipelines = files.filter((file) => /\.pipeline$/i.test(file));
  const [pipeline] = pipelines;
  const picked: string[] = [];
  if (pipeline !== undefined && pipelines.length === 1) {
    const home = dirname(pipeline);
    const root =
      folder !== null && isInside(folder, pipeline) ? folder : isInside(resolve(cwd), pipeline) ? resolve(cwd) : home;
    const outcome = parsePipeline({ fileName: basename(pipeline), text: await readFile(pipeline, "utf8") });
    if (outcome.ok) picked.push(pipeline, ...(await namedFiles(outcome.graph, home, root)));
  }
  const base = folder ?? commonFolder(picked.length > 0 ? picked : files);
  const sent = new Map<string, string>();
  for (const file of new Set([...picked, ...files])) {
    const isNear = isInside(base, file) && (picked.length > 0 || folder !== null || files.length > 1);
    const path = isNear ? relative(base, file).split(sep).join("/") : basename(file);
    const other = sent.get(path);
    if (other !== undefined)
      throw refused(`${other} and ${file} would both be sent as ${path}. Give the folder that holds them.`);
    sent.set(path, file);
  }
  return [...sent].map(([path, file]) => ({ path, file }));
}
