/** Random pipelines with every construct that planning knows, and the luck of each try, for property tests. */
import fc from "fast-check";
import type { JsonValue, ParameterBinding, PipelineGraph, Step } from "@/pipelines/graph";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";

/** One node of a pipeline as a tree; the oracle reads this, the engine reads the graph made of it. */
export interface Node {
  readonly key: string;
  readonly kind: "leaf" | "group" | "loop" | "each";
  /** Keys of siblings before it. */
  readonly after: readonly string[];
  readonly waitsForAll: boolean;
  /** Runs only for items below this; null runs always. */
  readonly below: number | null;
  /** How many iterations, for a loop or a step that is one. */
  readonly items: number;
  readonly parallelism: number;
  readonly retries: number;
  /** How many tries fail before one succeeds. */
  readonly failures: number;
  readonly children: readonly Node[];
}

interface Draft {
  readonly kind: Node["kind"];
  readonly links: readonly number[];
  readonly waitsForAll: boolean;
  readonly below: number | null;
  readonly items: number;
  readonly parallelism: number;
  readonly retries: number;
  readonly failures: number;
  readonly children: readonly Draft[];
}

const rarely = (times: number) => fc.integer({ min: 1, max: times }).map((n) => n === 1);

const drafts = fc.letrec<{ scope: readonly Draft[]; node: Draft }>((tie) => ({
  scope: fc.array(tie("node"), { minLength: 1, maxLength: 4, depthIdentifier: "pipeline" }),
  node: fc.oneof(
    { depthIdentifier: "pipeline", maxDepth: 3, withCrossShrink: true },
    draftOf(fc.constantFrom("leaf", "leaf", "each"), fc.constant([])),
    draftOf(fc.constantFrom("group", "loop"), tie("scope")),
  ),
}));

function draftOf(kind: fc.Arbitrary<Node["kind"]>, children: fc.Arbitrary<readonly Draft[]>): fc.Arbitrary<Draft> {
  return fc.record({
    kind,
    links: fc.array(fc.nat(10), { maxLength: 2 }),
    waitsForAll: rarely(5),
    below: fc.option(fc.nat(3), { freq: 3 }),
    items: fc.nat(3),
    parallelism: fc.nat(2),
    retries: fc.nat(2),
    failures: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(4) }),
    children,
  });
}

function named(scope: readonly Draft[]): Node[] {
  return scope.map(({ links, children, ...draft }, at) => ({
    ...draft,
    key: `n${at}`,
    after: at === 0 ? [] : [...new Set(links.map((link) => `n${link % at}`))],
    children: named(children),
  }));
}

/** Trees of at most three levels of groups and loops. */
export const pipelines: fc.Arbitrary<readonly Node[]> = drafts.scope.map(named);

const ROOT_ITEM = 1;

/** The graph of a tree. Every step takes `item` from what lies around it; a loop gives its own to what lies inside. */
export function graphOf(nodes: readonly Node[]): PipelineGraph {
  return aGraph(stepsOf(nodes, ""));
}

function stepsOf(nodes: readonly Node[], scope: string): Step[] {
  return nodes.flatMap((node) => [stepOf(node, scope), ...stepsOf(node.children, `${scope}${node.key}/`)]);
}

function stepOf(node: Node, scope: string): Step {
  const isLoop = node.kind === "loop" || node.kind === "each";
  const isGroup = node.kind === "loop" || node.kind === "group";
  const given = isLoop ? "outer" : "item";
  const source: ParameterBinding["source"] =
    scope === "" ? { from: "constant", value: ROOT_ITEM } : { from: "parent", input: "item" };
  const names = isLoop ? ["outer", "item"] : ["item"];
  const raw: JsonValue[] = Array.from({ length: node.items }, (_, at) => at);
  return aStep(scope + node.key, {
    kind: node.kind === "loop" ? "loop" : node.kind === "group" ? "dag" : "container",
    dependsOn: node.after.map((key) => scope + key),
    trigger: node.waitsForAll ? "completed" : "succeeded",
    parameters: [{ name: given, source }],
    interface: {
      parameters: names.map((name) => ({ name, type: "integer", required: true })),
      artifacts: [],
      outputParameters: [],
      outputArtifacts: [],
    },
    ...(node.below === null ? {} : { condition: `inputs.parameter_values['${given}'] < ${node.below}` }),
    ...(isLoop
      ? { loop: { over: "parameter", items: { raw }, itemInput: "item", parallelism: node.parallelism } as const }
      : {}),
    ...(node.retries === 0 || isGroup
      ? {}
      : { retry: { maxRetries: node.retries, backoffMs: 10, backoffFactor: 2, backoffMaxMs: 3_600_000 } }),
    ...(isGroup ? { body: { body: "group", outputParameters: [], outputArtifacts: [] } as const } : {}),
  });
}

/** What a task comes to, with how many tries. */
export interface Expected {
  readonly state: "succeeded" | "failed" | "skipped" | "omitted";
  readonly tries: number;
}

/** What every task of a run comes to when nobody interferes, by its path: computed top down, without a plan or a clock. */
export function expectedTasks(nodes: readonly Node[]): ReadonlyMap<string, Expected> {
  const found = new Map<string, Expected>();
  scopeEnds(nodes, "", ROOT_ITEM, true, found);
  return found;
}

type Ends = Map<string, Expected>;

/** Whether nothing in the scope failed; `isReached` is false for what lies in a group that does not run. */
function scopeEnds(nodes: readonly Node[], scope: string, item: number, isReached: boolean, found: Ends): boolean {
  const own = new Map<string, Expected["state"]>();
  let isFine = true;
  for (const node of nodes) {
    const isFree = node.waitsForAll || node.after.every((key) => own.get(key) === "succeeded");
    const state = nodeEnd(node, scope + node.key, item, isReached && isFree, found);
    own.set(node.key, state);
    if (state === "failed") isFine = false;
  }
  return isFine;
}

function nodeEnd(node: Node, path: string, item: number, isReached: boolean, found: Ends): Expected["state"] {
  const isSkipped = isReached && node.below !== null && item >= node.below;
  const isRun = isReached && !isSkipped;
  const state = isRun ? runEnd(node, path, item, found) : isSkipped ? "skipped" : "omitted";
  if (!isRun && node.kind === "group") scopeEnds(node.children, `${path}/`, item, false, found);
  if (!found.has(path)) found.set(path, { state, tries: 0 });
  return state;
}

function runEnd(node: Node, path: string, item: number, found: Ends): Expected["state"] {
  if (node.kind === "leaf") return leafEnd(node, path, found);
  if (node.kind === "group") return scopeEnds(node.children, `${path}/`, item, true, found) ? "succeeded" : "failed";
  let isFine = true;
  for (let at = 0; at < node.items; at += 1) {
    const own = `${path}/[${at}]`;
    if (node.kind === "each") {
      if (leafEnd(node, own, found) === "failed") isFine = false;
      continue;
    }
    const isInside = scopeEnds(node.children, `${own}/`, at, true, found);
    found.set(own, { state: isInside ? "succeeded" : "failed", tries: 0 });
    if (!isInside) isFine = false;
  }
  return isFine ? "succeeded" : "failed";
}

function leafEnd(node: Node, path: string, found: Ends): Expected["state"] {
  const state = node.failures > node.retries ? "failed" : "succeeded";
  found.set(path, { state, tries: Math.min(node.failures, node.retries) + 1 });
  return state;
}

/** The node of a task's path; iterations are passed over. */
export function nodeAt(nodes: readonly Node[], path: string): Node {
  let scope = nodes;
  let found: Node | undefined;
  for (const key of path.split("/")) {
    if (key.startsWith("[")) continue;
    found = scope.find((node) => node.key === key);
    scope = found?.children ?? [];
  }
  if (found === undefined) throw new Error(`there is no step ${path}`);
  return found;
}
