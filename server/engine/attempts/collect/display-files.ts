/** Finds the display files of a file step: `mlpipeline-metrics.json` and `mlpipeline-ui-metadata.json`, written since it began. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { readLenientJson } from "@/pipelines/text/json";
import type { Collected } from "../contract";
import { confined } from "./confine";
import { readCapped } from "./measure";
import { displayMetrics } from "./shown-artifact";

const FILES = ["mlpipeline-metrics.json", "mlpipeline-ui-metadata.json"];
const MOST_BYTES = 16 * 1024 * 1024;
/** File systems may round a file's time down. */
const CLOCK_SLACK_MS = 10;

export interface DisplayFiles {
  readonly files: readonly { readonly name: string; readonly file: string }[];
  readonly metrics: Collected["metrics"];
  readonly warnings: readonly string[];
}

/**
 * Looks in the working directory, then in the directory that Elyra offers for them. What is no JSON at all is not kept;
 * anything less wrong is kept with a warning.
 */
export function readDisplayFiles(folders: readonly string[], roots: readonly string[], sinceMs: number): DisplayFiles {
  const files: { name: string; file: string }[] = [];
  const warnings: string[] = [];
  const metrics: Collected["metrics"][number][] = [];
  for (const name of FILES) {
    const file = folders
      .map((folder) => confined(join(folder, name), roots))
      .find((found) => found !== null && statSync(found).mtimeMs >= sinceMs - CLOCK_SLACK_MS);
    if (file === undefined || file === null) continue;
    const fault = faultOf(file);
    if (fault !== null) {
      warnings.push(`${name} was not taken: ${fault}.`);
      continue;
    }
    files.push({ name, file });
    metrics.push(...displayMetrics(name, file, (problem) => warnings.push(`${name}: ${problem}`)));
  }
  return { files, metrics, warnings };
}

function faultOf(file: string): string | null {
  try {
    const bytes = readCapped(file, MOST_BYTES + 1);
    if (bytes === null) return "it is not a file";
    if (bytes.length > MOST_BYTES) return `it is larger than ${MOST_BYTES / 1024 / 1024} MB`;
    return readLenientJson(bytes.toString("utf8")).ok ? null : "it is not JSON";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
