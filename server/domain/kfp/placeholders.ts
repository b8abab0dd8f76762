/** Fills the placeholders of a step's command, arguments and constants from its ExecutorInput, never scanning a value twice. */
import type { JsonValue, ParameterBinding } from "@/pipelines/graph";
import type { ExecutorInput } from "./executor-input";
import { localPath } from "./local-path";
import { resolveStructure } from "./placeholder-structure";
import { valueText } from "./values";

/** What a placeholder may say about the run; absent ones are left as they are written. */
export interface RunFacts {
  readonly jobName: string;
  /** Begins with `<pipeline name>-`. */
  readonly jobResourceName: string;
  readonly jobId: string;
  /** The task's key, not its display name. */
  readonly taskName: string;
  readonly taskId: string;
  /** ISO 8601, UTC. */
  readonly createdAt?: string;
  readonly scheduledAt?: string;
  readonly pipelineRoot?: string;
  readonly workspacePath?: string;
}

export interface Filled {
  readonly words: readonly string[];
  /** Placeholders left as written, in words for the task. */
  readonly warnings: readonly string[];
}

/** Text to put in place of one placeholder; undefined leaves it. */
type Lookup = (path: readonly string[]) => string | undefined;

const PLACEHOLDER = /\{\{\$((?:\.\w+|\[(?:'[^']*'|"[^"]*"|\d{1,6})\])*)\}\}/g;
const SEGMENT = /\.(\w+)|\[(?:'([^']*)'|"([^"]*)"|(\d{1,6}))\]/g;

const FACTS: { readonly [name: string]: keyof RunFacts } = {
  pipeline_job_name: "jobName",
  pipeline_job_resource_name: "jobResourceName",
  pipeline_job_uuid: "jobId",
  pipeline_job_id: "jobId",
  pipeline_job_create_time_utc: "createdAt",
  pipeline_job_schedule_time_utc: "scheduledAt",
  pipeline_task_name: "taskName",
  pipeline_task_uuid: "taskId",
  pipeline_root: "pipelineRoot",
  workspace_path: "workspacePath",
};

/** Fills a command line. `Concat` and `IfPresent` may turn one word into several or none. */
export function fillWords(words: readonly string[], input: ExecutorInput, facts: RunFacts): Filled {
  const warnings = new Set<string>();
  const lookup = inputLookup(input, facts);
  const fill = (text: string) => substitute(text, lookup, warnings);
  const isPresent = (name: string) =>
    Object.hasOwn(input.inputs.parameterValues, name) || Object.hasOwn(input.inputs.artifacts, name);
  const filled = words.flatMap((word) => resolveStructure(word, fill, isPresent) ?? [fill(word)]);
  return { words: filled, warnings: [...warnings] };
}

/**
 * Fills placeholders inside the constants of a task's inputs (f-strings of the pipeline function) from the other
 * inputs of the same task. Only what the author wrote is scanned, never a value that came from a run or a step.
 */
export function fillConstants(
  bindings: readonly ParameterBinding[],
  values: ReadonlyMap<string, JsonValue>,
  facts: RunFacts,
): { readonly values: ReadonlyMap<string, JsonValue>; readonly warnings: readonly string[] } {
  const constants = new Set(bindings.filter((one) => one.source.from === "constant").map((one) => one.name));
  const filled = new Map<string, JsonValue>();
  const open = new Set<string>();
  const warnings = new Set<string>();
  const resolved = (name: string): JsonValue | undefined => {
    const known = filled.get(name);
    if (known !== undefined || open.has(name)) return known;
    const value = values.get(name);
    if (value === undefined) return undefined;
    open.add(name);
    const result = constants.has(name) ? fillValue(value) : value;
    open.delete(name);
    filled.set(name, result);
    return result;
  };
  const lookup: Lookup = (path) => {
    const name = path[0] === "inputs" && path[1] === "parameters" && path.length === 3 ? path[2] : undefined;
    const value = name === undefined ? undefined : resolved(name);
    return value === undefined ? factText(path, facts) : valueText(value);
  };
  const fillValue = (value: JsonValue): JsonValue => {
    if (typeof value !== "string") return fillInside(value, lookup, warnings);
    const whole = /^\{\{\$\.inputs\.parameters\['([^']*)'\]\}\}$/.exec(value)?.[1];
    return (whole === undefined ? undefined : resolved(whole)) ?? substitute(value, lookup, warnings);
  };
  for (const name of values.keys()) resolved(name);
  return {
    values: new Map([...values.keys()].map((name) => [name, filled.get(name) ?? null])),
    warnings: [...warnings],
  };
}

function fillInside(value: JsonValue, lookup: Lookup, warnings: Set<string>): JsonValue {
  if (typeof value === "string") return substitute(value, lookup, warnings);
  if (Array.isArray(value)) return value.map((item) => fillInside(item, lookup, warnings));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fillInside(one, lookup, warnings)]));
}

/**
 * Fills the keys and values of metadata that an author wrote. A value that is nothing but the placeholder of an input
 * parameter becomes that value as it is, not its text.
 */
export function fillMetadata(
  metadata: { readonly [key: string]: JsonValue },
  input: ExecutorInput,
  facts: RunFacts,
): { readonly metadata: { readonly [key: string]: JsonValue }; readonly warnings: readonly string[] } {
  const warnings = new Set<string>();
  const lookup = inputLookup(input, facts);
  const fill = (value: JsonValue): JsonValue => {
    if (typeof value === "string") return wholeParameter(value, input) ?? substitute(value, lookup, warnings);
    if (Array.isArray(value)) return value.map(fill);
    return value === null || typeof value !== "object" ? value : fillObject(value);
  };
  const fillObject = (object: { readonly [key: string]: JsonValue }): { [key: string]: JsonValue } =>
    Object.fromEntries(Object.entries(object).map(([key, one]) => [substitute(key, lookup, warnings), fill(one)]));
  return { metadata: fillObject(metadata), warnings: [...warnings] };
}

/** The value of the one input parameter that a text consists of. */
function wholeParameter(text: string, { inputs }: ExecutorInput): JsonValue | undefined {
  const [area, kind, name = "", ...rest] = segments(/^\{\{\$(.*)\}\}$/.exec(text)?.[1] ?? "");
  const isWhole = area === "inputs" && kind === "parameters" && rest.length === 0 && !text.slice(3).includes("{{$");
  return isWhole ? own(inputs.parameterValues, name) : undefined;
}

/** Replaces every placeholder of a text in one pass. */
function substitute(text: string, lookup: Lookup, warnings: Set<string>): string {
  if (!text.includes("{{$")) return text;
  return text.replace(PLACEHOLDER, (whole, path: string) => {
    const found = lookup(segments(path));
    if (found === undefined)
      warnings.add(`The placeholder ${whole.slice(0, 200)} has no value here and is left as it is.`);
    return found ?? whole;
  });
}

function segments(path: string): string[] {
  return [...path.matchAll(SEGMENT)].map((match) => match[1] ?? match[2] ?? match[3] ?? match[4] ?? "");
}

function factText(path: readonly string[], facts: RunFacts): string | undefined {
  const [name = ""] = path;
  const fact = path.length === 1 && Object.hasOwn(FACTS, name) ? FACTS[name] : undefined;
  return fact === undefined ? undefined : facts[fact];
}

function inputLookup(input: ExecutorInput, facts: RunFacts): Lookup {
  const { inputs, outputs } = input;
  return (path) => {
    const [area, kind, name = "", ...rest] = path;
    if (area === undefined) return JSON.stringify(input);
    if (area === "inputs" && kind === "parameters" && path.length === 3) {
      const value = own(inputs.parameterValues, name);
      return value === undefined ? undefined : valueText(value);
    }
    if (area === "inputs" && kind === "artifacts") return artifactText(own(inputs.artifacts, name)?.artifacts, rest);
    if (area === "outputs" && kind === "artifacts") return artifactText(own(outputs.artifacts, name)?.artifacts, rest);
    if (area === "outputs" && kind === "parameters" && rest.length === 1 && rest[0] === "output_file") {
      return own(outputs.parameters, name)?.outputFile;
    }
    const isResultFile =
      (area === "outputs" && kind === "output_file" && path.length === 2) || area === "outputMetadataUri";
    return isResultFile ? outputs.outputFile : factText(path, facts);
  };
}

type Artifacts = ExecutorInput["outputs"]["artifacts"][string]["artifacts"];

/** A field of the first artifact, or the whole list as JSON. */
function artifactText(artifacts: Artifacts | undefined, path: readonly string[]): string | undefined {
  const [field, key] = path;
  const first = artifacts?.[0];
  if (artifacts === undefined || first === undefined) return undefined;
  switch (field) {
    case undefined:
      return JSON.stringify(artifacts);
    case "uri":
    case "name":
      return first[field];
    case "path":
      return first.customPath ?? localPath(first.uri);
    case "metadata": {
      const value = key === undefined ? first.metadata : own(first.metadata, key);
      return value === undefined ? undefined : valueText(value as JsonValue);
    }
    default:
      return undefined;
  }
}

function own<T>(object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
