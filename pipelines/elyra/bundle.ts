/** Fits uploaded files to what a `.pipeline` names: where the bundle begins, what is missing, what a dependency means. */
import type { FileBody, FileNeed, PipelineGraph, Problem } from "../graph";
import { patternPath } from "./needs";
import {
  baseName,
  folderOf,
  isPattern,
  joinPath,
  levelsUp,
  matchesPattern,
  type Pattern,
  readPattern,
  seenFrom,
} from "./paths";

type FileNeeds = Pick<PipelineGraph, "needs" | "steps">;

/** What is still missing from a bundle. */
interface NeedsReport {
  /** Paths and patterns as the graph's needs write them, each once, in their order. */
  readonly missing: readonly string[];
  /** Names that differ from a file that is there only in upper and lower case. */
  readonly problems: readonly Problem[];
}

/** The files of a bundle, asked for names, folders and patterns; paths as seen from the `.pipeline`. */
function shelf(files: readonly string[]) {
  const names = new Set<string>();
  const folders = new Set<string>();
  for (const file of files) {
    const path = joinPath("", file);
    if (path === null || path === "") continue;
    (file.endsWith("/") ? folders : names).add(path);
    for (let folder = folderOf(path); folder !== "" && !folders.has(folder); folder = folderOf(folder))
      folders.add(folder);
  }
  return {
    has: (path: string) => names.has(path) || folders.has(path),
    under: (folder: string) => [...names].filter((name) => name.startsWith(`${folder}/`)),
    matching: (pattern: Pattern) => [...names].filter((name) => matchesPattern(pattern, name)),
    names,
    folders,
  };
}

/** Elyra tolerates a lone `*.py` or `*.r` without a match: its editor writes them by itself. */
function isTolerated(body: FileBody): boolean {
  const [only, ...others] = body.dependencies;
  return others.length === 0 && (only === "*.py" || only === "*.r");
}

/** Says what a bundle lacks; `files` are its paths as seen from the `.pipeline` (`../` where they lie above it). */
export function resolveNeeds(graph: FileNeeds, files: readonly string[]): NeedsReport {
  const present = shelf(files);
  const bodies = new Map(
    graph.steps.flatMap((step) => (step.body.body === "file" ? [[step.path, step.body] as const] : [])),
  );
  const missing = new Map<string, FileNeed>();
  const matched = new Map<string, boolean>();
  for (const need of graph.needs) {
    if (need.kind === "output" || missing.has(need.path) || present.has(need.path)) continue;
    const body = bodies.get(need.step);
    const pattern = need.kind === "pattern" ? patternOf(need, body) : null;
    if (pattern !== null) {
      const key = JSON.stringify(pattern);
      const found = matched.get(key) ?? present.matching(pattern).length > 0;
      matched.set(key, found);
      if (found || (body !== undefined && isTolerated(body))) continue;
    }
    missing.set(need.path, need);
  }
  return { missing: [...missing.keys()], problems: caseProblems([...missing.values()], present) };
}

function patternOf(need: FileNeed, body: FileBody | undefined): Pattern | null {
  for (const text of body?.dependencies ?? []) {
    const pattern = readPattern(folderOf(body?.file ?? ""), text, body?.includeSubdirectories ?? false);
    if (pattern !== null && patternPath(pattern) === need.path) return pattern;
  }
  return null;
}

function caseProblems(missing: readonly FileNeed[], present: ReturnType<typeof shelf>): readonly Problem[] {
  if (missing.length === 0) return [];
  const byLowerCase = new Map([...present.folders, ...present.names].map((path) => [path.toLowerCase(), path]));
  return missing.flatMap((need): readonly Problem[] => {
    const near = need.kind === "file" ? byLowerCase.get(need.path.toLowerCase()) : undefined;
    if (near === undefined) return [];
    const message = `The pipeline names ${need.path}; the files hold ${near}, which differs only in upper and lower case. Rename one of them.`;
    return [{ severity: "hint", stage: "run", rule: "case-mismatch", place: need.path, message, step: need.step }];
  });
}

/** What the dependencies of one step mean in a bundle. */
interface DependencyMatch {
  /** The step's own file and every file its dependencies name, sorted, each once. */
  readonly files: readonly string[];
  /** Dependencies, as written, that name nothing. */
  readonly unmatched: readonly string[];
}

/**
 * Elyra's matching with two differences: a folder stands for everything in it, and `../` may be used.
 * `*` stays within a folder unless the step includes subdirectories.
 */
export function matchDependencies(body: FileBody, files: readonly string[]): DependencyMatch {
  const present = shelf(files);
  const found = new Set([body.file]);
  const unmatched: string[] = [];
  for (const text of body.dependencies) {
    const pattern = readPattern(folderOf(body.file), text, body.includeSubdirectories);
    const path = pattern === null ? null : patternPath(pattern);
    const matches =
      pattern === null || path === null
        ? []
        : present.names.has(path)
          ? [path]
          : isPattern(text)
            ? present.matching(pattern)
            : present.under(path);
    for (const match of matches) found.add(match);
    if (matches.length === 0 && !(path !== null && present.has(path)) && !isTolerated(body)) unmatched.push(text);
  }
  return { files: [...found].sort(), unmatched };
}

interface AnchoredBundle {
  /** The bundle's folder as seen from the folder given; `""` is that folder itself. */
  readonly root: string;
  /** Path of the `.pipeline` in the bundle. */
  readonly pipelineAt: string;
  /** Uploaded path to path in the bundle. */
  readonly files: ReadonlyMap<string, string>;
  /** Loose files that were put where the pipeline names them; `to` is a path in the bundle. */
  readonly placed: readonly { readonly from: string; readonly to: string }[];
  /** Uploaded files outside the bundle's folder. */
  readonly leftOut: readonly string[];
}

/** Stands for a folder nobody named: a loose `.pipeline` that refers to `../x` must lie in some folder. */
const UNNAMED_FOLDER = "pipeline";

/**
 * Finds the bundle's folder: the nearest one that holds the `.pipeline` and every file it names, never above
 * the folder given. A loose file (without a path) fills the missing name that alone ends in its base name.
 */
export function anchorBundle(graph: FileNeeds, pipelinePath: string, files: readonly string[]): AnchoredBundle {
  const given = new Map(files.flatMap((file) => keyed(file, joinPath("", file))));
  const pipeline = joinPath("", pipelinePath) ?? baseName(pipelinePath);
  const home = folderOf(pipeline);
  const placed = placeLooseFiles(graph, home, pipeline, given);

  const above = Math.max(0, ...[...placed.values()].map(levelsUp));
  const prefix = Array.from({ length: above }, () => UNNAMED_FOLDER).join("/");
  const lift = (path: string) => joinPath(prefix, path) ?? path;
  const at = new Map([...given].flatMap(([file, path]) => keyed(file, lift(placed.get(file) ?? path))));
  const lifted = lift(pipeline);
  const root = commonFolder([lifted, ...namedPaths(graph, folderOf(lifted)).filter((path) => levelsUp(path) === 0)]);
  const inside = [...at].filter(([, path]) => levelsUp(path) === 0 && (root === "" || path.startsWith(`${root}/`)));
  const inBundle = new Map(inside.map(([file, path]) => [file, seenFrom(root, path)]));
  return {
    root: above === 0 ? root : "",
    pipelineAt: seenFrom(root, lifted),
    files: inBundle,
    placed: [...placed.keys()].flatMap((from) => {
      const to = inBundle.get(from);
      return to === undefined ? [] : [{ from, to }];
    }),
    leftOut: files.filter((file) => !inBundle.has(file)),
  };
}

function keyed(file: string, path: string | null): readonly (readonly [string, string])[] {
  return path === null || path === "" ? [] : [[file, path]];
}

/** Needs and outputs, as seen from the folder given. */
function namedPaths(graph: FileNeeds, home: string): readonly string[] {
  const outputs = graph.steps.flatMap(({ body }) =>
    body.body === "file" ? body.outputs.flatMap((output) => joinPath(folderOf(body.file), output) ?? []) : [],
  );
  return [...graph.needs.map((need) => need.path), ...outputs].flatMap((path) => joinPath(home, path) ?? []);
}

function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) =>
    folderOf(path)
      .split("/")
      .filter((segment) => segment !== ""),
  );
  const [first = []] = folders;
  let same = 0;
  while (same < first.length && folders.every((folder) => folder[same] === first[same])) same += 1;
  return first.slice(0, same).join("/");
}

/** Where each loose file belongs, as seen from the folder given. */
function placeLooseFiles(
  graph: FileNeeds,
  home: string,
  pipeline: string,
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const present = [...given.values()];
  const { missing } = resolveNeeds(
    graph,
    present.map((path) => seenFrom(home, path)),
  );
  const open = missing.map((path) => ({ path, target: joinPath(home, path) ?? path }));
  const named = new Set(graph.needs.flatMap((need) => joinPath(home, need.path) ?? []));
  const placed = new Map<string, string>();
  for (const [file, path] of given) {
    if (path.includes("/") || path === pipeline || named.has(path)) continue;
    const [only, ...others] = open.filter(({ path: name }) => baseName(name) === path);
    if (only !== undefined && others.length === 0) placed.set(file, only.target);
  }
  return placed;
}
