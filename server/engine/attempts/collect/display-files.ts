/** Kubeflow's and Elyra's files of results to show: `mlpipeline-metrics.json`, `mlpipeline-ui-metadata.json`. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Collected } from "../contract";
import { confined } from "./confine";
import { readCapped } from "./measure";

const METRICS_FILE = "mlpipeline-metrics.json";
const DISPLAY_FILE = "mlpipeline-ui-metadata.json";
const MOST_BYTES = 16 * 1024 * 1024;
/** File systems may round a file's time down. */
const CLOCK_SLACK_MS = 10;

const Metrics = z.object({
  metrics: z.array(
    z.object({
      name: z.string().min(1).max(500),
      numberValue: z.coerce.number(),
      format: z.string().optional(),
    }),
  ),
});

export interface DisplayFiles {
  readonly files: readonly { readonly name: string; readonly file: string }[];
  readonly metrics: Collected["metrics"];
  readonly warnings: readonly string[];
}

/** Reads the display files a step wrote in its working directory since it began. A broken one is a warning. */
export function readDisplayFiles(cwd: string, workspace: string, sinceMs: number): DisplayFiles {
  const files: { name: string; file: string }[] = [];
  const warnings: string[] = [];
  let metrics: Collected["metrics"] = [];
  for (const name of [METRICS_FILE, DISPLAY_FILE]) {
    const file = confined(join(cwd, name), [workspace]);
    if (file === null || statSync(file).mtimeMs < sinceMs - CLOCK_SLACK_MS) continue;
    try {
      const value: unknown = JSON.parse(textOf(file));
      if (name === METRICS_FILE) metrics = metricsIn(value);
      files.push({ name, file });
    } catch (error) {
      warnings.push(`${name} was not taken: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { files, metrics, warnings };
}

function textOf(file: string): string {
  const bytes = readCapped(file, MOST_BYTES + 1);
  if (bytes === null) throw new Error("it is not a file");
  if (bytes.length > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES / 1024 / 1024} MB`);
  return bytes.toString("utf8");
}

function metricsIn(value: unknown): Collected["metrics"] {
  const parsed = Metrics.safeParse(value);
  if (!parsed.success) throw new Error("it holds no list of metrics with name and numberValue");
  return parsed.data.metrics
    .filter(({ numberValue }) => Number.isFinite(numberValue))
    .map(({ name, numberValue, format }) => ({
      name,
      value: numberValue,
      format: format?.toUpperCase() === "PERCENTAGE" ? "percentage" : "raw",
    }));
}
