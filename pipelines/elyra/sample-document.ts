/** Small `.pipeline` documents for tests. */
import type { JsonValue, PipelineGraph, Problem } from "../graph";
import { parseElyra } from "./index";
import type { JsonObject } from "./json";

interface NodeOptions {
  readonly after?: readonly string[];
  readonly op?: string;
  readonly label?: string;
  readonly parameters?: JsonObject;
}

/** A generic node that runs `<id>.py`, linked to the nodes it comes after (`node` or `node:port`). */
export function node(id: string, options: NodeOptions = {}): JsonObject {
  return {
    id,
    type: "execution_node",
    op: options.op ?? "execute-python-node",
    app_data: {
      label: "",
      ui_data: { label: options.label ?? id, x_pos: 10, y_pos: 20 },
      component_parameters: { filename: `${id}.py`, runtime_image: "python:3.12", ...options.parameters },
    },
    inputs: [inputPort("inPort", options.after ?? [])],
    outputs: [{ id: "outPort" }],
  };
}

export function inputPort(id: string, after: readonly string[], binding?: string): JsonObject {
  const links = after.map((target, index) => {
    const [from = "", port = "outPort"] = target.split(":");
    return { id: `${id}-${index}`, node_id_ref: from, port_id_ref: port };
  });
  return { id, links, ...(binding === undefined ? {} : { subflow_node_ref: binding }) };
}

interface DocumentOptions {
  readonly version?: JsonValue;
  readonly settings?: JsonObject;
  readonly properties?: JsonObject;
  readonly subflows?: readonly JsonObject[];
}

export function document(nodes: readonly JsonValue[], options: DocumentOptions = {}): JsonObject {
  const settings: JsonObject = {
    version: options.version ?? 8,
    properties: { name: "sample", runtime: "Generic", ...options.properties },
    ui_data: { comments: [] },
    ...options.settings,
  };
  return {
    doc_type: "pipeline",
    version: "3.0",
    id: "elyra-auto-generated-pipeline",
    primary_pipeline: "primary",
    pipelines: [{ id: "primary", nodes: [...nodes], app_data: settings }, ...(options.subflows ?? [])],
    schemas: [],
  };
}

/** Parses; throws the problems when the document is refused. */
export function graphOf(value: JsonValue): PipelineGraph {
  const outcome = parseElyra(JSON.stringify(value));
  if (!outcome.ok)
    throw new Error(outcome.problems.map((problem) => `${problem.place}: ${problem.message}`).join("\n"));
  return outcome.graph;
}

export function problemsOf(value: JsonValue): readonly Problem[] {
  return parseElyra(JSON.stringify(value)).problems;
}

/** `severity stage rule` of each problem but the hints on labels, which every camel-cased name gets. */
export function rulesOf(value: JsonValue): readonly string[] {
  return problemsOf(value)
    .filter((problem) => problem.rule !== "label-characters")
    .map((problem) => `${problem.severity} ${problem.stage} ${problem.rule}`);
}
