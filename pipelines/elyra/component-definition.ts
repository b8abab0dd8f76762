/** Reads the YAML definition of a custom component (Kubeflow's v1 form with a container) into inputs, outputs and a command. */
import type { JsonValue } from "../graph";
import { readYamlDocuments } from "../text/yaml";
import { asList, asText, field, isObject, type JsonObject } from "./json";

/** A word of a command line, or what becomes none, one or several words. */
export type Argument =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "input-value" | "input-path" | "output-path"; readonly id: string }
  | { readonly is: "concat"; readonly parts: readonly Argument[] }
  | {
      readonly is: "if";
      readonly condition: boolean | { readonly isPresent: string };
      readonly whenTrue: readonly Argument[];
      readonly whenFalse: readonly Argument[];
    };

export interface ComponentInput {
  /** Name in lower case with `_` for blanks: what a node calls it. */
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly default: string | null;
}

export interface ComponentDefinition {
  readonly name: string;
  readonly inputs: readonly ComponentInput[];
  readonly outputs: readonly { readonly id: string; readonly name: string; readonly type: string }[];
  readonly image: string;
  readonly command: readonly Argument[];
  readonly args: readonly Argument[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

/** A definition, why one cannot be used, or null for a file that is no component at all. */
export type DefinitionOutcome =
  | { readonly ok: true; readonly definition: ComponentDefinition }
  | { readonly ok: false; readonly why: string }
  | null;

/** How a node names an input or output of its component. */
const portId = (name: string): string => name.trim().toLowerCase().replaceAll(" ", "_");

class Unusable extends Error {}

/** Never throws. */
export function readComponentDefinition(text: string): DefinitionOutcome {
  const yaml = readYamlDocuments(text);
  const document = yaml.ok ? yaml.value[0] : undefined;
  const implementation = field(document, "implementation");
  if (!isObject(document) || !isObject(implementation)) return null;
  try {
    return { ok: true, definition: readDefinition(document, implementation) };
  } catch (error) {
    if (error instanceof Unusable) return { ok: false, why: error.message };
    throw error;
  }
}

function readDefinition(document: JsonObject, implementation: JsonObject): ComponentDefinition {
  if (field(implementation, "graph") !== undefined) {
    throw new Unusable("it is a graph of other components; only a container can be run");
  }
  const container = field(implementation, "container");
  if (!isObject(container)) throw new Unusable("its implementation is no container");
  if (isObject(field(container, "fileOutputs")) && Object.keys(field(container, "fileOutputs") ?? {}).length > 0) {
    throw new Unusable("it writes its outputs to fixed places of its container (fileOutputs); use outputPath");
  }
  const inputs = ports(document, "inputs").map(({ port, id, name }) => ({
    id,
    name,
    type: typeName(field(port, "type")),
    isOptional: field(port, "optional") === true,
    default: scalar(field(port, "default")),
  }));
  const outputs = ports(document, "outputs").map(({ port, id, name }) => ({
    id,
    name,
    type: typeName(field(port, "type")),
  }));
  const known = {
    inputs: new Set(inputs.map(({ id }) => id)),
    outputs: new Set(outputs.map(({ id }) => id)),
  };
  const image = asText(field(container, "image"));
  if (image === "") throw new Unusable("its container names no image");
  return {
    name: asText(field(document, "name")),
    inputs,
    outputs,
    image,
    command: words(field(container, "command"), "command", known),
    args: words(field(container, "args"), "args", known),
    env: Object.entries(isObject(field(container, "env")) ? (field(container, "env") as JsonObject) : {}).map(
      ([name, value]) => ({ name, value: scalar(value) ?? "" }),
    ),
  };
}

function ports(document: JsonObject, kind: "inputs" | "outputs") {
  const found = asList(field(document, kind)).map((port) => {
    const name = asText(field(port, "name"));
    if (name === "") throw new Unusable(`one of its ${kind} has no name`);
    // Placeholders put names between apostrophes.
    if (/['\n\r]/.test(name)) throw new Unusable(`the name ${shown(name)} of one of its ${kind} holds an apostrophe`);
    return { port, name, id: portId(name) };
  });
  const twice = found.find(({ id }, at) => found.findIndex((other) => other.id === id) !== at);
  if (twice !== undefined) throw new Unusable(`two of its ${kind} are called "${twice.name}"`);
  return found;
}

/** A type is a name, or a name with properties. */
function typeName(type: JsonValue | undefined): string {
  return isObject(type) ? (Object.keys(type)[0] ?? "") : asText(type);
}

function scalar(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  return JSON.stringify(value);
}

interface Known {
  readonly inputs: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
}

const DEEPEST = 20;

function words(value: JsonValue | undefined, at: string, known: Known, depth = 0): Argument[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Unusable(`its ${at} is not a list`);
  return value.map((item) => argument(item, at, known, depth));
}

function argument(value: JsonValue, at: string, known: Known, depth: number): Argument {
  if (depth > DEEPEST) throw new Unusable(`its ${at} nests too deep`);
  if (!isObject(value)) return { is: "text", text: scalar(value) ?? "" };
  const [[kind, held] = ["", null], ...others] = Object.entries(value);
  if (others.length > 0) throw new Unusable(`its ${at} holds a placeholder of several kinds: ${shown(value)}`);
  switch (kind) {
    case "inputValue":
      return { is: "input-value", id: port(held, known.inputs, "input") };
    case "inputPath":
      return { is: "input-path", id: port(held, known.inputs, "input") };
    case "outputPath":
      return { is: "output-path", id: port(held, known.outputs, "output") };
    case "concat":
      return { is: "concat", parts: words(held, "concat", known, depth + 1) };
    case "if":
      return conditional(held, known, depth + 1);
    case "inputUri":
    case "outputUri":
    case "inputMetadata":
    case "inputOutputPortName":
    case "outputMetadata":
    case "executorInput":
      throw new Unusable(`it uses ${kind}, which needs the artifact store of Kubeflow Pipelines 2`);
    default:
      throw new Unusable(`its ${at} holds a placeholder that nobody knows: ${shown(value)}`);
  }
}

function conditional(value: JsonValue, known: Known, depth: number): Argument {
  const condition = field(value, "cond");
  const present = field(condition, "isPresent");
  const word = typeof condition === "string" ? condition.trim().toLowerCase() : condition;
  const constant = word === true || word === "true" ? true : word === false || word === "false" ? false : null;
  if (present === undefined && constant === null)
    throw new Unusable(`it asks a condition that nobody knows: ${shown(condition ?? null)}`);
  return {
    is: "if",
    condition: present === undefined ? constant === true : { isPresent: port(present, known.inputs, "input") },
    whenTrue: branch(field(value, "then"), known, depth),
    whenFalse: branch(field(value, "else"), known, depth),
  };
}

function branch(value: JsonValue | undefined, known: Known, depth: number): Argument[] {
  if (value === undefined || value === null || Array.isArray(value)) return words(value, "if", known, depth);
  return [argument(value, "if", known, depth)];
}

function port(name: JsonValue, known: ReadonlySet<string>, what: string): string {
  const id = portId(asText(name));
  if (!known.has(id)) throw new Unusable(`its command names the ${what} ${shown(name)}, which it does not declare`);
  return id;
}

function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
