/** Turns custom nodes into container steps by the component definitions that lie in the bundle. */
import type { PipelineGraph, Problem, Step } from "../graph";
import { type Compiled, compileComponent } from "./compile-component";
import { type ComponentDefinition, readComponentDefinition } from "./component-definition";
import { type CustomStep, isCustomStep } from "./custom-step";
import { baseName } from "./paths";

/** A text file of the bundle. */
export interface BundleText {
  readonly path: string;
  readonly text: string;
}

export interface ComponentSources {
  /** Files that may define components: `.yaml` and `.yml`. */
  readonly definitions: readonly BundleText[];
  /** Text of a file as the `.pipeline` names it; null when it is not there or no text. */
  readonly read: (path: string) => string | null;
  /** SHA-256 in hex. */
  readonly hash: (text: string) => string;
}

/** Whether a graph has custom nodes at all. */
export const hasComponents = (graph: PipelineGraph): boolean => graph.steps.some(isCustomStep);

/** Paths of the files whose text custom nodes take as a value, as the `.pipeline` names them. */
export function textInputs(graph: PipelineGraph): readonly string[] {
  return graph.steps.filter(isCustomStep).flatMap(({ body }) =>
    Object.values(body.values).flatMap((value) => {
      const isFile = typeof value === "object" && value !== null && !Array.isArray(value) && value.widget === "file";
      return isFile && typeof value.value === "string" ? [value.value] : [];
    }),
  );
}

/** The rule of the problem that says that a node's definition is not there. */
const MISSING_DEFINITION = "custom-component";

/** The graph with every node compiled whose definition is there, and the problems as they are then. */
export function resolveComponents(
  graph: PipelineGraph,
  problems: readonly Problem[],
  sources: ComponentSources,
): { readonly graph: PipelineGraph; readonly problems: readonly Problem[] } {
  const texts = new Map(sources.definitions.map((file) => [file.path, file.text]));
  const find = definitionShelf([...texts.keys()], sources.hash);
  const definitions = new Map<string, ComponentDefinition>();
  const found: Problem[] = [];
  for (const step of graph.steps.filter(isCustomStep)) {
    const path = find(step);
    if (path === null) continue;
    const outcome = readComponentDefinition(texts.get(path) ?? "");
    if (outcome?.ok) definitions.set(step.path, outcome.definition);
    else found.push(unusable(step, path, outcome === null ? "it is no component definition" : outcome.why));
  }
  const compiled = compileAll(graph, definitions, sources, found);
  const isMended = (problem: Problem): boolean =>
    problem.rule === MISSING_DEFINITION &&
    problem.step !== undefined &&
    (compiled.has(problem.step) || found.some(({ step }) => step === problem.step));
  return {
    graph: withGroupInputs(
      { ...graph, steps: graph.steps.map((step) => compiled.get(step.path)?.step ?? step) },
      compiled,
    ),
    problems: [...problems.filter((problem) => !isMended(problem)), ...found],
  };
}

/** Finds the file that defines a node's component: the catalog's identity of it hashes to what the operation says. */
function definitionShelf(
  paths: readonly string[],
  hash: ComponentSources["hash"],
): (step: CustomStep) => string | null {
  const byHash = new Map<string, string>();
  for (const path of paths) {
    const segments = path.split("/");
    for (let from = 0; from < segments.length; from += 1) {
      const key = hash(segments.slice(from).join("/")).slice(0, 12);
      if (!byHash.has(key)) byHash.set(key, path);
    }
  }
  return ({ body: { component } }) => {
    const wanted = component.operation.slice(component.operation.indexOf(":") + 1);
    const direct = byHash.get(wanted);
    if (direct !== undefined) return direct;
    // A web address is no path: the file is known by the last part of the address that the node gives.
    const named = component.sources.filter((source) => hash(source).startsWith(wanted)).map(baseName);
    return paths.find((path) => named.includes(baseName(path))) ?? null;
  };
}

/** Which of these paths define components of the graph. */
export function definitionPaths(
  graph: PipelineGraph,
  paths: readonly string[],
  hash: ComponentSources["hash"],
): readonly string[] {
  const find = definitionShelf(paths, hash);
  return [...new Set(graph.steps.filter(isCustomStep).flatMap((step) => find(step) ?? []))];
}

function compileAll(
  graph: PipelineGraph,
  definitions: ReadonlyMap<string, ComponentDefinition>,
  { read }: ComponentSources,
  found: Problem[],
): ReadonlyMap<string, Compiled> {
  const steps = graph.steps.filter(isCustomStep);
  const asValues = new Set(steps.flatMap((step) => valuesTaken(step, definitions.get(step.path))));
  const compiled = new Map<string, Compiled>();
  for (const step of steps) {
    const definition = definitions.get(step.path);
    if (definition === undefined) continue;
    const outcome = compileComponent(step, definition, {
      parameters: graph.parameters,
      isValue: (producer, output) => asValues.has(outputKey(producer, output)),
      read,
    });
    if (outcome.ok) compiled.set(step.path, outcome.compiled);
    else found.push(...outcome.problems);
  }
  return compiled;
}

const outputKey = (producer: string, output: string): string => JSON.stringify([producer, output]);

/** Outputs of other nodes that this one takes on its command line: those have to be values, not files. */
function valuesTaken(step: CustomStep, definition: ComponentDefinition | undefined): readonly string[] {
  if (definition === undefined) return [];
  const onCommandLine = new Set<string>();
  const waiting = [...definition.command, ...definition.args];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.is === "input-value") onCommandLine.add(next.id);
    else if (next.is === "concat") waiting.push(...next.parts);
    else if (next.is === "if") waiting.push(...next.whenTrue, ...next.whenFalse);
  }
  return step.body.component.inputs.flatMap(({ input, producer, output }) =>
    onCommandLine.has(input) ? [outputKey(producer, output)] : [],
  );
}

/** Groups hand the run's parameters inwards, to the nodes that take them. */
function withGroupInputs(graph: PipelineGraph, compiled: ReadonlyMap<string, Compiled>): PipelineGraph {
  const parents = new Map(graph.steps.map((step) => [step.path, step.parent]));
  const wanted = new Map<string, Set<string>>();
  for (const { step, parameters } of compiled.values()) {
    for (let at = step.parent; at !== null; at = parents.get(at) ?? null) {
      const names = wanted.get(at) ?? new Set();
      for (const name of parameters) names.add(name);
      wanted.set(at, names);
    }
  }
  const steps = graph.steps.map((step): Step => {
    const names = [...(wanted.get(step.path) ?? [])];
    if (names.length === 0) return step;
    const specs = graph.parameters.filter(({ name }) => names.includes(name));
    return {
      ...step,
      interface: { ...step.interface, parameters: specs.map((spec) => ({ ...spec, required: false })) },
      parameters: names.map((name) => ({ name, source: { from: "parent", input: name } })),
    };
  });
  return { ...graph, steps };
}

function unusable(step: CustomStep, path: string, why: string): Problem {
  return {
    severity: "error",
    stage: "run",
    place: path,
    rule: "unusable-component",
    message: `The component of "${step.name}" (${path}) cannot be run: ${why}. Upload another definition, or replace the node.`,
    step: step.path,
  };
}
