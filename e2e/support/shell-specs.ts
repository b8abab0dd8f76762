/** Compiled pipelines of shell text for tests: components with typed inputs and outputs, tasks over them, groups. */
import type { JsonObject } from "@/pipelines/elyra/json";
import type { JsonValue } from "@/pipelines/graph";

interface Shape {
  /** Input parameters and their types; the shell text finds their values as $1, $2 … */
  readonly in?: { readonly [name: string]: string };
  /** Input artifacts; their paths follow. */
  readonly takes?: readonly string[];
  /** Output parameters and their types; the paths of their files follow. */
  readonly out?: { readonly [name: string]: string };
  /** Output artifacts; their paths follow. */
  readonly leaves?: readonly string[];
}

export interface Part {
  readonly component: JsonObject;
  readonly executor?: JsonObject;
}

/** An object whose keys may be anything, also `__proto__`. */
const own = <T>(entries: Iterable<readonly [string, T]>): { [key: string]: T } => Object.fromEntries(entries);

const definitions = (parameters: { readonly [name: string]: string }, artifacts: readonly string[]): JsonObject => ({
  parameters: own(Object.entries(parameters).map(([name, parameterType]) => [name, { parameterType }])),
  artifacts: own(
    artifacts.map((name) => [name, { artifactType: { schemaTitle: "system.Dataset", schemaVersion: "0.0.1" } }]),
  ),
});

function interfaceOf(shape: Shape): JsonObject {
  return {
    inputDefinitions: definitions(shape.in ?? {}, shape.takes ?? []),
    outputDefinitions: definitions(shape.out ?? {}, shape.leaves ?? []),
  };
}

/** A leaf that runs shell text; more of its container (environment, resources) in `container`. */
export function shell(script: string, shape: Shape = {}, container: JsonObject = {}): Part {
  const args = [
    ...Object.keys(shape.in ?? {}).map((name) => `{{$.inputs.parameters['${name}']}}`),
    ...(shape.takes ?? []).map((name) => `{{$.inputs.artifacts['${name}'].path}}`),
    ...Object.keys(shape.out ?? {}).map((name) => `{{$.outputs.parameters['${name}'].output_file}}`),
    ...(shape.leaves ?? []).map((name) => `{{$.outputs.artifacts['${name}'].path}}`),
  ];
  const executor = { container: { image: "any", command: ["sh", "-c", script, "step", ...args], ...container } };
  return { component: interfaceOf(shape), executor };
}

/** A leaf that imports from an address. */
export function importer(uri: string): Part {
  const artifactType = { schemaTitle: "system.Dataset", schemaVersion: "0.0.1" };
  return {
    component: { outputDefinitions: { artifacts: { artifact: { artifactType } } } },
    executor: { importer: { artifactUri: { constant: uri }, typeSchema: artifactType } },
  };
}

/** A group of tasks. */
export const group = (tasks: JsonObject, shape: Shape = {}): Part => ({
  component: { ...interfaceOf(shape), dag: { tasks } },
});

export const constant = (value: JsonValue): JsonObject => ({ runtimeValue: { constant: value } });
export const parent = (name: string): JsonObject => ({ componentInputParameter: name });
export const from = (producerTask: string, outputParameterKey: string): JsonObject => ({
  taskOutputParameter: { producerTask, outputParameterKey },
});

interface TaskOptions {
  readonly after?: readonly string[];
  readonly parameters?: JsonObject;
  readonly artifacts?: JsonObject;
  readonly more?: JsonObject;
}

/** A task over the component of that name. */
export function task(component: string, { after, parameters, artifacts, more }: TaskOptions = {}): JsonObject {
  return {
    componentRef: { name: component },
    taskInfo: { name: component },
    ...(after !== undefined && { dependentTasks: [...after] }),
    inputs: { ...(parameters !== undefined && { parameters }), ...(artifacts !== undefined && { artifacts }) },
    ...more,
  };
}

/** What makes a task run after others whatever they came to. */
export const ALWAYS: JsonObject = { triggerPolicy: { strategy: "ALL_UPSTREAM_TASKS_COMPLETED" } };
export const when = (condition: string): JsonObject => ({ triggerPolicy: { condition } });

/** The text of a pipeline. A component is named by its key in `parts`. */
export function pipeline(
  name: string,
  parts: { readonly [component: string]: Part },
  tasks: JsonObject,
  { inputs = {}, platform }: { readonly inputs?: JsonObject; readonly platform?: JsonObject } = {},
): string {
  const leaves = Object.entries(parts).filter(([, part]) => part.executor !== undefined);
  const spec = JSON.stringify({
    pipelineInfo: { name },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.13.0",
    components: own(
      Object.entries(parts).map(([key, { component, executor }]) => [
        key,
        executor === undefined ? component : { ...component, executorLabel: key },
      ]),
    ),
    deploymentSpec: { executors: own(leaves.map(([key, { executor }]) => [key, executor])) },
    root: { dag: { tasks }, inputDefinitions: { parameters: inputs } },
  });
  if (platform === undefined) return spec;
  const executors = { platforms: { kubernetes: { deploymentSpec: { executors: platform } } } };
  return `${spec}\n---\n${JSON.stringify(executors)}\n`;
}

/** A pipeline of one step of shell text. */
export const alone = (name: string, part: Part, options: TaskOptions = {}): string =>
  pipeline(name, { step: part }, { step: task("step", options) });
