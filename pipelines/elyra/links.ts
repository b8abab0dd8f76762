/** Follows the links of a `.pipeline` through super nodes and bindings to the true steps at their other end. */
import type { JsonValue, StepPath } from "../graph";
import { asList, asText, field, isObject } from "./json";
import type { ProblemList } from "./problems";
import { displayName, type Scope, type ScopedNode, type Scopes } from "./scopes";

/** The steps each step waits for; a super node itself waits for nothing, its inner steps wait on their own. */
export type Dependencies = ReadonlyMap<StepPath, readonly StepPath[]>;

interface Link {
  readonly node: string;
  readonly port: string;
  readonly at: string;
}

/** Resolves every link; one that leads nowhere is an error. */
export function resolveDependencies(scopes: Scopes, problems: ProblemList): Dependencies {
  const dependencies = new Map<StepPath, readonly StepPath[]>();
  for (const step of scopes.steps) {
    const found = new Set<StepPath>();
    for (const link of linksOf(step))
      for (const path of producers(step.scope, link, step, problems, 0)) found.add(path);
    const isStep = step.type === "execution";
    if (isStep) for (const path of outerParents(step, problems)) found.add(path);
    dependencies.set(step.path, isStep ? [...found] : []);
  }
  return dependencies;
}

function linksOf(node: ScopedNode, port?: (port: JsonValue) => boolean): readonly Link[] {
  const links: Link[] = [];
  for (const [index, input] of asList(field(node.node, "inputs")).entries()) {
    if (port !== undefined && !port(input)) continue;
    for (const [position, link] of asList(field(input, "links")).entries()) {
      links.push({
        node: asText(field(link, "node_id_ref")),
        port: asText(field(link, "port_id_ref")),
        at: `${node.at}.inputs[${index}].links[${position}]`,
      });
    }
  }
  return links;
}

/** Bounds the walk through nested super nodes; scopes are never deeper than this. */
const LONGEST_WALK = 200;
/** A port's name grows with the depth of nesting; a longer one names nothing. */
const LONGEST_PORT = 4_000;

function producers(
  scope: Scope,
  link: Link,
  step: ScopedNode,
  problems: ProblemList,
  walked: number,
): readonly StepPath[] {
  if (walked > LONGEST_WALK) return [];
  const target = scope.nodes.get(link.node);
  if (target === undefined) {
    const outer = findOutwards(scope, link.node);
    if (outer !== null) return producers(outer.scope, link, step, problems, walked + 1);
    reportUnknownLink(link, step, problems);
    return [];
  }
  switch (target.type) {
    case "execution":
      return [target.path];
    case "super":
      return throughSuperNode(target, link, step, problems, walked);
    case "binding":
      return throughBinding(target, step, problems, walked);
  }
}

function findOutwards(scope: Scope, id: string): ScopedNode | null {
  for (let owner = scope.owner; owner !== null; owner = owner.scope.owner) {
    const found = owner.scope.nodes.get(id);
    if (found !== undefined) return found;
  }
  return null;
}

/** A port of a super node is named `<inner node>_<port of that node>`; a nested one nests its name as well. */
function throughSuperNode(
  target: ScopedNode,
  link: Link,
  step: ScopedNode,
  problems: ProblemList,
  walked: number,
): readonly StepPath[] {
  if (target.inner === null || link.port.length > LONGEST_PORT) return [target.path];
  for (let cut = link.port.indexOf("_"); cut > 0; cut = link.port.indexOf("_", cut + 1)) {
    const inner = target.inner.nodes.get(link.port.slice(0, cut));
    if (inner === undefined || inner.type === "binding") continue;
    return producers(
      target.inner,
      { node: inner.id, port: link.port.slice(cut + 1), at: link.at },
      step,
      problems,
      walked + 1,
    );
  }
  const port = asList(field(target.node, "outputs")).find((output) => field(output, "id") === link.port);
  const binding = target.inner.nodes.get(asText(field(port, "subflow_node_ref")));
  if (binding?.type !== "binding") return [target.path];
  const inside = linksOf(binding).flatMap((next) => producers(binding.scope, next, step, problems, walked + 1));
  return inside.length > 0 ? inside : [target.path];
}

/** An entry binding stands for whatever is linked to the super node's port that names it. */
function throughBinding(
  binding: ScopedNode,
  step: ScopedNode,
  problems: ProblemList,
  walked: number,
): readonly StepPath[] {
  const owner = binding.scope.owner;
  if (owner === null) return [];
  return linksOf(owner, (port) => field(port, "subflow_node_ref") === binding.id).flatMap((link) =>
    producers(owner.scope, link, step, problems, walked + 1),
  );
}

/** Parents outside: the super node's input port named `<step>_inPort`, level by level for nested super nodes. */
function outerParents(step: ScopedNode, problems: ProblemList): readonly StepPath[] {
  const found: StepPath[] = [];
  let name = `${step.id}_inPort`;
  for (let owner = step.scope.owner; owner !== null; owner = owner.scope.owner) {
    const wanted = name;
    for (const link of linksOf(owner, (port) => field(port, "id") === wanted)) {
      found.push(...producers(owner.scope, link, step, problems, 0));
    }
    name = `${owner.id}_${name}`;
  }
  return found;
}

function reportUnknownLink(link: Link, step: ScopedNode, problems: ProblemList): void {
  const name = displayName(step.node);
  const what =
    link.node === "" ? "a link that names no node" : `a link from the node "${link.node}", which does not exist`;
  problems.error(
    "upload",
    "unknown-link",
    link.at,
    `"${name}" has ${what}. Delete the link and draw it again.`,
    step.path,
  );
}

/** The node with this id as a step sees it: beside it, around it, else anywhere if the id is used once. */
export function findNode(scopes: Scopes, from: ScopedNode, id: string): ScopedNode | null {
  const near = from.scope.nodes.get(id) ?? findOutwards(from.scope, id);
  if (near !== null && near !== undefined) return near;
  const everywhere = scopes.steps.filter((step) => step.id === id);
  return everywhere.length === 1 ? (everywhere[0] ?? null) : null;
}

/** The steps inside each super node. */
export function childrenOf(scopes: Scopes): ReadonlyMap<StepPath, readonly StepPath[]> {
  const children = new Map<StepPath, StepPath[]>();
  for (const step of scopes.steps) {
    if (step.parent === null) continue;
    const list = children.get(step.parent);
    if (list === undefined) children.set(step.parent, [step.path]);
    else list.push(step.path);
  }
  return children;
}

/** Notes drawn on a canvas name nodes this way. */
export function referencedNodes(scope: Scope, references: JsonValue | undefined): readonly ScopedNode[] {
  return asList(references)
    .filter(isObject)
    .flatMap((reference) => scope.nodes.get(asText(field(reference, "node_ref"))) ?? []);
}
