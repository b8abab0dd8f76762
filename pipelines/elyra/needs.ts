/** Which files the steps of a `.pipeline` need beside it, and which of these an earlier step makes. */
import type { FileBody, FileNeed, StepPath } from "../graph";
import { folderOf, isPattern, joinPath, matchesPattern, type Pattern, readPattern } from "./paths";
import type { RunsAfter } from "./upstream";

export interface FileStep {
  readonly path: StepPath;
  readonly body: FileBody;
}

interface Output {
  readonly step: StepPath;
  readonly path: string;
  readonly pattern: Pattern | null;
}

/** A dependency pattern as a path in the bundle. */
export function patternPath(pattern: Pattern): string {
  return [pattern.folder, pattern.wildcards].filter((part) => part !== "").join("/");
}

/** The needs of all steps. */
export function fileNeeds(steps: readonly FileStep[], isAfter: RunsAfter): readonly FileNeed[] {
  const makersOf = outputIndex(declaredOutputs(steps));
  return steps.flatMap(({ path: step, body }) => {
    const isMade = (path: string, pattern: Pattern | null): boolean => {
      const makers = makersOf(path, pattern);
      return makers.size > 0 && isAfter(step, makers);
    };
    const needs = new Map<string, FileNeed>();
    needs.set(body.file, { path: body.file, kind: isMade(body.file, null) ? "output" : "file", step });
    for (const text of body.dependencies) {
      const pattern = readPattern(folderOf(body.file), text, body.includeSubdirectories);
      if (pattern === null) continue;
      const path = patternPath(pattern);
      const asked = isPattern(text) ? pattern : null;
      const kind = isMade(path, asked) ? "output" : asked === null ? "file" : "pattern";
      // A folder that holds the pipeline itself is always there.
      const isAbove = path.split("/").every((segment) => segment === ".." || segment === "");
      if (!isAbove && !needs.has(path)) needs.set(path, { path, kind, step });
    }
    return [...needs.values()];
  });
}

function declaredOutputs(steps: readonly FileStep[]): readonly Output[] {
  return steps.flatMap(({ path: step, body }) =>
    body.outputs.flatMap((text) => {
      const folder = folderOf(body.file);
      const path = joinPath(folder, text);
      if (path === null || path === "") return [];
      return [{ step, path, pattern: isPattern(text) ? readPattern(folder, text, true) : null }];
    }),
  );
}

/** Finds the steps whose outputs are the wanted path, lie in it, hold it, or match one of the two patterns. */
function outputIndex(outputs: readonly Output[]): (path: string, pattern: Pattern | null) => ReadonlySet<StepPath> {
  const exact = new Map<string, StepPath[]>();
  const within = new Map<string, StepPath[]>();
  const patterns = outputs.filter((output) => output.pattern !== null);
  for (const { path, step } of outputs) {
    put(exact, path, step);
    for (const folder of foldersOf(path)) put(within, folder, step);
  }
  const answers = new Map<string, ReadonlySet<StepPath>>();
  return (path, pattern) => {
    const known = answers.get(path);
    if (known !== undefined) return known;
    const makers = new Set([path, ...foldersOf(path)].flatMap((each) => exact.get(each) ?? []));
    for (const step of within.get(path) ?? []) makers.add(step);
    for (const output of patterns)
      if (output.pattern !== null && matchesPattern(output.pattern, path)) makers.add(output.step);
    if (pattern !== null)
      for (const output of outputs) if (matchesPattern(pattern, output.path)) makers.add(output.step);
    answers.set(path, makers);
    return makers;
  };
}

function put(map: Map<string, StepPath[]>, key: string, step: StepPath): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [step]);
  else list.push(step);
}

function foldersOf(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = folderOf(path); folder !== ""; folder = folderOf(folder)) folders.push(folder);
  return folders;
}

/** Outputs that two steps declare though neither runs before the other: whoever ends last wins. */
export function contestedOutputs(
  steps: readonly FileStep[],
  isAfter: RunsAfter,
): readonly { readonly path: string; readonly steps: readonly [StepPath, StepPath] }[] {
  const byPath = new Map<string, StepPath[]>();
  for (const output of declaredOutputs(steps)) {
    const makers = byPath.get(output.path);
    if (makers === undefined) byPath.set(output.path, [output.step]);
    else if (!makers.includes(output.step)) makers.push(output.step);
  }
  const contested: { path: string; steps: [StepPath, StepPath] }[] = [];
  for (const [path, makers] of byPath) {
    // Steps come in running order: if each runs after the one before it, no two are side by side.
    for (let index = 1; index < makers.length; index += 1) {
      const [first, second] = [makers[index - 1], makers[index]];
      if (first === undefined || second === undefined || isAfter(second, new Set([first]))) continue;
      contested.push({ path, steps: [first, second] });
      break;
    }
  }
  return contested;
}
