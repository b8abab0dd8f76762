/** Fits uploaded files to what a pipeline names: which belong to the version, where they lie in it, and what is missing. */
import { anchorBundle, resolveNeeds } from "@/pipelines/elyra/bundle";
import { folderOf, seenFrom } from "@/pipelines/elyra/paths";
import type { PipelineGraph, Problem } from "@/pipelines/graph";

export interface Fitted {
  /** Path of the pipeline text in the bundle. */
  readonly specFile: string;
  /** Given path to path in the bundle; files that are no part of it are left out. */
  readonly files: ReadonlyMap<string, string>;
  readonly missing: readonly string[];
  readonly problems: readonly Problem[];
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The folder that all paths share at their top, with its slash; `""` when there is none. */
function sharedTop(paths: readonly string[]): string {
  const [first] = paths;
  const top = first?.includes("/") ? `${first.split("/")[0]}/` : "";
  return top !== "" && paths.every((path) => path.startsWith(top)) ? top : "";
}

function fitBundle(graph: PipelineGraph, specPath: string, paths: readonly string[]): Fitted {
  const bundle = anchorBundle(graph, specPath, paths);
  const folder = folderOf(bundle.pipelineAt);
  const seen = [...bundle.files.values()].map((path) => seenFrom(folder, path));
  const { missing, problems } = resolveNeeds(graph, seen);
  return { specFile: bundle.pipelineAt, files: bundle.files, missing, problems };
}

/**
 * Fits `paths` (the text's own among them) around the pipeline text at `specPath`. `added` are paths that came later
 * than the text: a folder of their own around all of them is looked through when that makes fewer files missing.
 */
export function fitFiles(
  graph: PipelineGraph,
  specPath: string,
  paths: readonly string[],
  added: readonly string[] = [],
): Fitted {
  if (graph.format === "kfp") return { specFile: baseName(specPath), files: new Map(), missing: [], problems: [] };
  if (graph.format === "notebook") {
    const specFile = baseName(specPath);
    return { specFile, files: new Map([[specPath, specFile]]), missing: [], problems: [] };
  }
  const asGiven = fitBundle(graph, specPath, [...paths, ...added]);
  const top = sharedTop(added);
  if (top === "" || asGiven.missing.length === 0) return asGiven;
  const inner = new Map(added.map((path) => [path.slice(top.length), path]));
  const unwrapped = fitBundle(graph, specPath, [...paths, ...inner.keys()]);
  if (unwrapped.missing.length >= asGiven.missing.length) return asGiven;
  return { ...unwrapped, files: new Map([...unwrapped.files].map(([path, at]) => [inner.get(path) ?? path, at])) };
}
