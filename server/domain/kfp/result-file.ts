/** Reads what a finished step left behind: its result file and parameter files, which are hostile input. */
import type { ArtifactSpec, JsonValue, ParameterType, StepInterface } from "@/pipelines/graph";
import { isOfType } from "../parameters";
import type { RuntimeArtifact } from "./executor-input";
import { parseLenientJson, readParameterFile } from "./values";

const MAX_LIST = 10_000;

export interface StepFiles {
  readonly interface: Pick<StepInterface, "outputParameters" | "outputArtifacts">;
  /** Text of the result file; null when there is none. */
  readonly resultText: string | null;
  /** Text of each parameter file that exists, by output. */
  readonly parameterTexts: ReadonlyMap<string, string>;
  /** Where each declared artifact was told to go. */
  readonly declaredUris: ReadonlyMap<string, string>;
  /** Absolute directories below which a step may name paths: its own, the workspace. */
  readonly allowedRoots: readonly string[];
  /** Absolute paths of the artifacts that it was given: they, too, or a part of them, may be an output. */
  readonly givenPaths: readonly string[];
  /** Absolute; relative paths start here. */
  readonly workingDirectory: string;
}

export interface StepOutputs {
  readonly parameters: ReadonlyMap<string, JsonValue>;
  /** Every declared output, also one without a file: metrics live in metadata alone. */
  readonly artifacts: ReadonlyMap<string, readonly RuntimeArtifact[]>;
  /** What was missing or not accepted, in sentences for the task. */
  readonly warnings: readonly string[];
}

/** The outputs, or the sentence that the task fails with. */
export type StepOutputsOutcome =
  | { readonly ok: true; readonly outputs: StepOutputs }
  | { readonly ok: false; readonly message: string };

type JsonObject = { readonly [key: string]: JsonValue };

export function readStepOutputs(files: StepFiles): StepOutputsOutcome {
  const warnings: string[] = [];
  const refusals: string[] = [];
  const result = readResult(files.resultText);
  if (!result.ok) return result;
  const parameters = new Map<string, JsonValue>();
  for (const { name, type } of files.interface.outputParameters) {
    const given = result.parameters.get(name);
    if (given !== undefined && given !== null) {
      if (!isOfType(type, given))
        warnings.push(`The output "${name}" is declared as ${type}, but the step gave ${kindOf(given)}.`);
      parameters.set(name, given);
      continue;
    }
    const text = files.parameterTexts.get(name);
    if (text === undefined) {
      warnings.push(`The step wrote no value for the output "${name}".`);
      continue;
    }
    const value = readParameterFile(type, text);
    if (!value.ok) return { ok: false, message: notAsDeclared(name, type, value.message) };
    parameters.set(name, value.value);
  }
  const artifacts = new Map<string, readonly RuntimeArtifact[]>();
  for (const spec of files.interface.outputArtifacts) {
    artifacts.set(spec.name, artifactsOf(spec, result.artifacts.get(spec.name) ?? [], files, refusals));
  }
  const [refusal] = refusals;
  if (refusal !== undefined) return { ok: false, message: refusal };
  warnUndeclared(files, result, warnings);
  return { ok: true, outputs: { parameters, artifacts, warnings } };
}

/** Whether an absolute path, `..` resolved, lies below a directory. Symbolic links are the caller's to resolve first. */
export function isBelow(root: string, path: string): boolean {
  if (!path.startsWith("/") || path.includes("\u0000")) return false;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const base = root.endsWith("/") ? root : `${root}/`;
  return `/${parts.join("/")}`.startsWith(base);
}

/** What to say of an output's own file whose text is of another type. */
const notAsDeclared = (name: string, type: ParameterType, why: string): string =>
  `The output "${name}" is declared as ${type}, and its file holds something else: ${why}. Let the step write that, or declare the output as a string.`;

interface Result {
  readonly ok: true;
  readonly parameters: ReadonlyMap<string, JsonValue>;
  readonly artifacts: ReadonlyMap<string, readonly JsonObject[]>;
}

const MEND_RESULT = "Let the step write executor_output.json by a JSON library, or not at all.";

function readResult(text: string | null): Result | { readonly ok: false; readonly message: string } {
  if (text === null || text.trim() === "") return { ok: true, parameters: new Map(), artifacts: new Map() };
  const json = parseLenientJson(text);
  if (!json.ok)
    return {
      ok: false,
      message: `The result file of the step is no JSON: ${json.message.replace(/\.$/, "")}. ${MEND_RESULT}`,
    };
  if (!isObject(json.value))
    return { ok: false, message: `The result file of the step is no JSON object. ${MEND_RESULT}` };
  const values = json.value.parameterValues ?? json.value.parameter_values ?? {};
  const old = isObject(json.value.parameters) ? Object.entries(json.value.parameters) : [];
  const lists = isObject(json.value.artifacts) ? Object.entries(json.value.artifacts) : [];
  return {
    ok: true,
    parameters: new Map([
      ...old.map(([name, value]) => [name, oldValue(value)] as const),
      ...(isObject(values) ? Object.entries(values) : []),
    ]),
    artifacts: new Map(
      lists.map(([name, list]) => {
        const items = isObject(list) && Array.isArray(list.artifacts) ? list.artifacts.slice(0, MAX_LIST) : [];
        return [name, items.filter(isObject)];
      }),
    ),
  };
}

/** `{intValue}`, `{doubleValue}` or `{stringValue}` of SDKs before 2.0; 64-bit integers come as text. */
function oldValue(value: JsonValue): JsonValue {
  if (!isObject(value)) return null;
  const number = value.intValue ?? value.doubleValue;
  if (number !== undefined) return typeof number === "string" ? Number(number) : number;
  return value.stringValue ?? null;
}

function artifactsOf(
  spec: ArtifactSpec,
  entries: readonly JsonObject[],
  files: StepFiles,
  refusals: string[],
): RuntimeArtifact[] {
  const declared: RuntimeArtifact = {
    name: spec.name,
    type: spec.type,
    uri: files.declaredUris.get(spec.name) ?? "",
    metadata: spec.metadata ?? {},
  };
  if (entries.length === 0) return spec.isList === true ? [] : [declared];
  const used = spec.isList === true ? entries : entries.slice(0, 1);
  return used.map((entry) => {
    const uri = accepted(spec.name, "uri", entry.uri, files, refusals);
    const customPath = accepted(spec.name, "custom_path", entry.custom_path ?? entry.customPath, files, refusals);
    return {
      ...declared,
      ...(typeof entry.name === "string" && entry.name !== "" ? { name: entry.name } : {}),
      ...(uri === null ? {} : { uri }),
      ...(customPath === null ? {} : { customPath }),
      metadata: { ...declared.metadata, ...(isObject(entry.metadata) ? entry.metadata : {}) },
    };
  });
}

/** Whether an address lies outside this machine: it is kept without a look at its content. */
export const isRemote = (uri: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(uri) && !/^file:/i.test(uri);

/** An address that the step gave, as an absolute path where it is one; null where it gave none or one it may not. */
function accepted(
  artifact: string,
  field: "uri" | "custom_path",
  value: JsonValue | undefined,
  { allowedRoots, givenPaths, workingDirectory }: StepFiles,
  refusals: string[],
): string | null {
  if (typeof value !== "string" || value === "") return null;
  if (field === "uri" && isRemote(value)) return value;
  const path = value.replace(/^file:\/\/(?=\/)/i, "");
  const absolute = path.startsWith("/") ? path : `${workingDirectory}/${path}`;
  const isPath = !/^[a-z][a-z0-9+.-]*:/i.test(path);
  const isAllowed =
    givenPaths.includes(absolute) || [...allowedRoots, ...givenPaths].some((root) => isBelow(root, absolute));
  if (isPath && isAllowed) return absolute;
  const shown = value.length <= 200 ? value : `${value.slice(0, 199)}…`;
  refusals.push(
    `The step named ${JSON.stringify(shown)} as the ${field} of the artifact "${artifact}". Only content below its own folders is kept: write or copy it to the path that the step is given for this output.`,
  );
  return null;
}

function warnUndeclared(files: StepFiles, result: Result, warnings: string[]): void {
  const { outputParameters, outputArtifacts } = files.interface;
  const known = new Set([...outputParameters, ...outputArtifacts].map(({ name }) => name));
  const unknown = [...result.parameters.keys(), ...result.artifacts.keys()].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  warnings.push(
    `The step gave outputs that it does not declare: ${unknown.slice(0, 10).join(", ").slice(0, 300)}. They are not kept.`,
  );
}

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a struct" : `a ${typeof value}`;
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
