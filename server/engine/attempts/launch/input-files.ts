/** Writes inputs that a program reads from a file, and puts the places of those files into its command line. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inputFilePlaceholder } from "@/pipelines/elyra/compile-component";
import type { ContainerBody } from "@/pipelines/graph";
import { valueText } from "@/server/domain/kfp/values";
import type { AttemptRequest } from "../contract";
import type { AttemptPaths } from "./plan";

/** The words with the places of the files in them; the files hold the values as text. */
export function withInputFiles(
  { inputs }: AttemptRequest,
  { inputFiles = [] }: ContainerBody,
  words: readonly string[],
  { directory }: AttemptPaths,
): readonly string[] {
  if (inputFiles.length === 0) return words;
  const folder = join(directory, "inputs");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const places = inputFiles.map((name, at) => {
    const path = join(folder, String(at));
    writeFileSync(path, valueText(inputs.parameters[name] ?? null), { mode: 0o600 });
    return [inputFilePlaceholder(name), path] as const;
  });
  return words.map((word) => places.reduce((text, [placeholder, path]) => text.replaceAll(placeholder, path), word));
}
