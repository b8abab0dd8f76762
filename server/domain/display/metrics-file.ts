/** Reads `mlpipeline-metrics.json`, the list by which steps of Kubeflow v1 and Elyra report their numbers. */
import { parseLenientJson } from "../kfp/values";
import { isObject, numberOf } from "./numbers";

export interface ReportedMetric {
  readonly name: string;
  readonly value: number;
  readonly format: "raw" | "percentage";
}

const NAME = /^[a-zA-Z](?:[-_a-zA-Z0-9]{0,62}[a-zA-Z0-9])?$/;
const MOST = 50;

/** Reads the list; never throws. Entries that break Kubeflow's rules are named and left out, as are those after the 50th. */
export function readMetricsFile(text: string): {
  readonly metrics: readonly ReportedMetric[];
  readonly problems: readonly string[];
} {
  const json = parseLenientJson(text);
  if (!json.ok) return { metrics: [], problems: [`It is no JSON that is read here: ${json.message}`] };
  const list = isObject(json.value) ? json.value.metrics : undefined;
  if (!Array.isArray(list)) return { metrics: [], problems: ["It holds no list named metrics."] };
  const metrics: ReportedMetric[] = [];
  const problems: string[] = [];
  for (const [at, entry] of list.slice(0, MOST).entries()) {
    const name = isObject(entry) ? entry.name : undefined;
    const value = isObject(entry) ? numberOf(entry.numberValue) : null;
    const format = isObject(entry) && typeof entry.format === "string" ? entry.format.toUpperCase() : "RAW";
    const shown = typeof name === "string" ? JSON.stringify(name.slice(0, 80)) : `number ${at + 1}`;
    if (typeof name !== "string" || !NAME.test(name)) {
      problems.push(
        `The metric ${shown} has no name of at most 64 letters, digits, "-" and "_" that begins with a letter.`,
      );
    } else if (value === null || !Number.isFinite(value)) {
      problems.push(`The metric ${shown} has no finite numberValue.`);
    } else {
      metrics.push({ name, value, format: format === "PERCENTAGE" ? "percentage" : "raw" });
    }
  }
  if (list.length > MOST) problems.push(`It holds ${list.length} metrics; the first ${MOST} were taken.`);
  return { metrics, problems };
}
