/** What a file step in isolated mode is given, for its key: bundle files, parameters, and what steps before it declared. */
import { matchDependencies } from "@/pipelines/elyra/bundle";
import { folderOf, seenFrom } from "@/pipelines/elyra/paths";
import type { FileBody, JsonValue, Step } from "@/pipelines/graph";
import type { StoredArtifact } from "./stored-result";

type Values = { readonly [name: string]: JsonValue };

/** The pipeline parameters that a step takes; one without a value is null. */
export const parametersFor = ({ parameterEnv }: FileBody, values: Values): Values =>
  Object.fromEntries(parameterEnv.map((name) => [name, (Object.hasOwn(values, name) ? values[name] : null) ?? null]));

/** The files of a bundle with their paths as the `.pipeline` sees them, which is how its steps name theirs. */
export function seenFromPipeline<T extends { readonly path: string }>(specFile: string, files: readonly T[]): T[] {
  const folder = folderOf(specFile);
  return files.map((file) => ({ ...file, path: seenFrom(folder, file.path) }));
}

/** Digests of the bundle files that a step is given, by path; all paths as the `.pipeline` sees them. */
export function bundleFiles(
  body: FileBody,
  files: readonly { readonly path: string; readonly digest: string }[],
): { [path: string]: string } {
  const digests = new Map(files.map(({ path, digest }) => [path, digest]));
  const given = matchDependencies(body, [...digests.keys()]).files.flatMap((path) => {
    const digest = digests.get(path);
    return digest === undefined ? [] : [[path, digest] as const];
  });
  return Object.fromEntries(given);
}

/** Digests of the files that steps before declared and left, by path; of two of one name the later step's counts. */
export function upstreamFiles(before: readonly { readonly step: Step; readonly left: readonly StoredArtifact[] }[]): {
  [path: string]: string | null;
} {
  const files = before.flatMap(({ step, left }) => {
    const declared = new Set(step.body.body === "file" ? step.body.outputs : []);
    return left
      .filter(({ output }) => declared.has(output))
      .map(({ name, digest }): [string, string | null] => [name, digest]);
  });
  return Object.fromEntries(files);
}
