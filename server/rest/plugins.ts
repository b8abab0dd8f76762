/** What clients send for plugins of a run: kept and told again within Kubeflow's limits, acted on by nobody here. */
import type { JsonValue } from "@/pipelines/graph";
import { ProblemError } from "@/server/domain/problem-error";
import { aborted } from "./errors";
import { hasFields, type JsonObject, struct } from "./json";

const KIB = 1024;
const LIMITS = { plugins: 16, bytesEach: 64 * KIB, bytes: 256 * KIB, depth: 10 };

const bytesOf = (value: JsonValue): number => Buffer.byteLength(JSON.stringify(value));

function depthOf(value: JsonValue): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function complaint(input: JsonObject): string | null {
  const entries = Object.entries(input);
  if (entries.length > LIMITS.plugins)
    return `has ${entries.length} keys, of which at most ${LIMITS.plugins} are taken`;
  for (const [name, value] of entries) {
    if (!hasFields(value)) return `has a value for ${JSON.stringify(name)} that is no object`;
    if (bytesOf(value) > LIMITS.bytesEach) return `has more than 64 KiB for ${JSON.stringify(name)}`;
    if (depthOf(value) > LIMITS.depth) return `nests deeper than ${LIMITS.depth} for ${JSON.stringify(name)}`;
  }
  return bytesOf(input) > LIMITS.bytes ? "is larger than 256 KiB" : null;
}

/** The `plugins_input` of a message, null without any. Throws `invalid`, and Aborted where the output comes along. */
export function readPlugins(body: JsonObject): { readonly [name: string]: JsonValue } | null {
  if (Object.keys(struct(body.plugins_output, "plugins_output")).length > 0) {
    throw aborted("plugins_output is set by the server and cannot be given by a client");
  }
  const input = struct(body.plugins_input, "plugins_input");
  const wrong = complaint(input);
  if (wrong !== null) throw new ProblemError("invalid", `plugins_input ${wrong}`);
  return Object.keys(input).length === 0 ? null : input;
}
