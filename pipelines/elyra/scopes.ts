/** Opens super nodes: one scope per use of a sub-flow, each node with its path through the scopes. */
import { type StepPath, stepPath } from "../graph";
import { asList, asText, field, fieldAt, isObject, type JsonObject } from "./json";
import type { ProblemList } from "./problems";

/** A file of a few kilobytes can nest super nodes to any number of steps; no real one has a fraction of these. */
const MOST_NODES = 20_000;
const DEEPEST = 50;

export interface ScopedNode {
  readonly id: string;
  readonly node: JsonObject;
  readonly type: "execution" | "super" | "binding";
  readonly path: StepPath;
  readonly parent: StepPath | null;
  readonly scope: Scope;
  /** JSON path of the node, for problems. */
  readonly at: string;
  /** What is inside a super node. */
  readonly inner: Scope | null;
}

export interface Scope {
  /** The super node this scope is the inside of; null for the primary pipeline. */
  readonly owner: ScopedNode | null;
  readonly pipeline: JsonObject;
  readonly nodes: Map<string, ScopedNode>;
}

export interface Scopes {
  readonly root: Scope;
  readonly all: readonly Scope[];
  /** Steps of every scope, in file order, a super node before what is inside it. */
  readonly steps: readonly ScopedNode[];
}

const NODE_TYPES: { readonly [type: string]: ScopedNode["type"] } = {
  execution_node: "execution",
  super_node: "super",
  binding: "binding",
};

/** Reads all nodes from the primary pipeline inwards. */
export function openScopes(document: JsonObject, primaryIndex: number, problems: ProblemList): Scopes {
  const pipelines = new Map<string, { pipeline: JsonObject; index: number }>();
  for (const [index, pipeline] of asList(document.pipelines).entries()) {
    if (!isObject(pipeline)) continue;
    const id = asText(field(pipeline, "id"));
    if (pipelines.has(id)) {
      problems.error(
        "upload",
        "duplicate-pipeline-id",
        `pipelines[${index}].id`,
        `Two pipelines of the document have the id "${id}". Give each its own.`,
      );
      continue;
    }
    pipelines.set(id, { pipeline, index });
  }

  const all: Scope[] = [];
  const steps: ScopedNode[] = [];
  let tooMany = false;

  function open(
    pipeline: JsonObject,
    index: number,
    owner: ScopedNode | null,
    keys: readonly string[],
    within: readonly string[],
  ): Scope {
    const scope: Scope = { owner, pipeline, nodes: new Map() };
    all.push(scope);
    for (const [position, node] of asList(field(pipeline, "nodes")).entries()) {
      if (steps.length >= MOST_NODES) {
        tooMany = true;
        break;
      }
      addNode(scope, node, `pipelines[${index}].nodes[${position}]`, keys, within);
    }
    return scope;
  }

  function addNode(scope: Scope, node: unknown, at: string, keys: readonly string[], within: readonly string[]): void {
    if (!isObject(node as JsonObject)) {
      problems.error(
        "upload",
        "invalid-node",
        at,
        "This entry of `nodes` is not an object. Remove it, or save the file again with the pipeline editor.",
      );
      return;
    }
    const entry = node as JsonObject;
    // A half of a surrogate pair cannot be part of a path; it is taken as no id at all.
    const id = /\p{Surrogate}/u.test(asText(field(entry, "id"))) ? "" : asText(field(entry, "id"));
    const written = field(entry, "type");
    const type = typeof written === "string" && Object.hasOwn(NODE_TYPES, written) ? NODE_TYPES[written] : undefined;
    if (id === "" || type === undefined) {
      reportNode(id, written, at, problems);
      return;
    }
    if (scope.nodes.has(id)) {
      problems.error(
        "upload",
        "duplicate-node-id",
        `${at}.id`,
        `Two nodes have the id "${id}", so links to it are ambiguous. Give each node its own id.`,
      );
      return;
    }
    const path = stepPath([...keys, id]);
    const owner = scope.owner?.path ?? null;
    const scoped = { id, node: entry, type, path, parent: owner, scope, at, inner: null as Scope | null };
    scope.nodes.set(id, scoped);
    if (type === "binding") return;
    steps.push(scoped);
    if (type === "super") scoped.inner = openSuperNode(scoped, [...keys, id], within);
  }

  function openSuperNode(node: ScopedNode, keys: readonly string[], within: readonly string[]): Scope | null {
    const ref = asText(fieldAt(node.node, "subflow_ref", "pipeline_id_ref"));
    const found = pipelines.get(ref);
    const place = `${node.at}.subflow_ref`;
    if (found === undefined) {
      problems.error(
        "upload",
        "unknown-subflow",
        place,
        `The super node "${displayName(node.node)}" refers to the sub-flow "${ref}", which the document does not hold. Add it, or delete the super node.`,
        node.path,
      );
      return null;
    }
    if (within.includes(ref)) {
      problems.error(
        "upload",
        "circular-subflow",
        place,
        `The super node "${displayName(node.node)}" contains itself. Point it to another sub-flow.`,
        node.path,
      );
      return null;
    }
    if (within.length >= DEEPEST) {
      problems.error(
        "upload",
        "too-deep",
        place,
        `Super nodes are nested more than ${DEEPEST} deep. Flatten the pipeline.`,
        node.path,
      );
      return null;
    }
    return open(found.pipeline, found.index, node, keys, [...within, ref]);
  }

  const primary = asList(document.pipelines)[primaryIndex];
  const pipeline = isObject(primary) ? primary : {};
  const root = open(pipeline, primaryIndex, null, [], [asText(field(pipeline, "id"))]);
  if (tooMany) {
    problems.error(
      "upload",
      "too-many-nodes",
      "pipelines",
      `The pipeline has more than ${MOST_NODES} nodes once its super nodes are opened. Split it.`,
    );
  }
  return { root, all, steps };
}

function reportNode(id: string, type: unknown, at: string, problems: ProblemList): void {
  if (id === "") {
    problems.error(
      "upload",
      "missing-node-id",
      `${at}.id`,
      "This node has no usable id, so nothing can link to it. Save the file again with the pipeline editor.",
    );
  }
  if (typeof type !== "string" || !Object.hasOwn(NODE_TYPES, type)) {
    problems.error(
      "upload",
      "unsupported-node-type",
      `${at}.type`,
      `Nodes of type ${JSON.stringify(type ?? null)} cannot be run. Known are execution_node and super_node; replace the node by one of these.`,
    );
  }
}

/** What people see: the label on the canvas, else the custom label, else the id. */
export function displayName(node: JsonObject): string {
  const data = field(node, "app_data");
  return asText(fieldAt(data, "ui_data", "label")) || asText(field(data, "label")) || asText(field(node, "id"));
}
