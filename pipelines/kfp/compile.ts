/** Expands a checked pipeline spec into the graph every other part reads; each use of a component gets steps of its own. */
import type { GroupBody, JsonValue, OutputBinding, PipelineGraph, Step, StepPath } from "../graph";
import { stepPath } from "../graph";
import { compileTask } from "./compile-task";
import { isObject, placeOf } from "./message";
import type { ComponentSpec, DagOutputs, PipelineSpec, PlatformSpec } from "./spec";
import { artifactTypeName, inputArtifacts, parameterSpec, parameterType } from "./types";

/** A spec that passed `checkSpec`, with its platform document if the file has one. */
export interface CompileInput {
  readonly spec: PipelineSpec;
  readonly platform: PlatformSpec | null;
  readonly unknownFields: readonly string[];
  readonly changes: readonly string[];
}

/** The run-wide settings of Kubeflow's Kubernetes platform that Penstock reads. */
const KNOWN_CONFIG: ReadonlySet<string> = new Set(["workspace", "activeDeadlineSeconds"]);

export function compileSpec({ spec, platform, unknownFields, changes }: CompileInput): PipelineGraph {
  const kubernetes = platform?.platforms?.get("kubernetes");
  const executors = kubernetes?.deploymentSpec?.executors ?? new Map<string, { readonly [key: string]: JsonValue }>();
  const root: ComponentSpec = spec.root ?? {};
  const config = kubernetes?.pipelineConfig ?? {};
  const timeoutMs = secondsToMs(config.activeDeadlineSeconds ?? config.active_deadline_seconds);
  const workspace = config.workspace;
  const steps: Step[] = [];
  expand(spec, executors, root, [], steps);
  return {
    format: "kfp",
    formatVersion: `IR ${spec.schemaVersion}`,
    name: spec.pipelineInfo?.name ?? "",
    description: spec.pipelineInfo?.description ?? "",
    parameters: [...(root.inputDefinitions?.parameters ?? [])].map(([name, input]) => parameterSpec(name, input)),
    outputs: {
      parameters: outputParameters(root.dag?.outputs, []),
      artifacts: outputArtifacts(root.dag?.outputs, []),
    },
    outputTypes: {
      parameters: Object.fromEntries(
        [...(root.outputDefinitions?.parameters ?? [])].map(([name, output]) => [
          name,
          parameterType(output) ?? "string",
        ]),
      ),
      artifacts: Object.fromEntries(
        [...(root.outputDefinitions?.artifacts ?? [])].map(([name, one]) => [name, artifactTypeName(one.artifactType)]),
      ),
    },
    inputArtifacts: inputArtifacts(root.inputDefinitions),
    steps,
    comments: [],
    needs: [],
    changes,
    unknownFields: [...unknownFields, ...unreadSpec(spec), ...unreadPlatform(platform)],
    ...(timeoutMs === null ? {} : { timeoutMs }),
    ...(isObject(workspace) ? { workspace: { size: String(workspace.size ?? "") } } : {}),
  };
}

type Executors = ReadonlyMap<string, { readonly [key: string]: JsonValue }>;

/** Appends the steps of one graph, parents before children. The depth is bounded by the check. */
function expand(
  spec: PipelineSpec,
  executors: Executors,
  graph: ComponentSpec,
  scope: readonly string[],
  steps: Step[],
): void {
  for (const [key, task] of graph.dag?.tasks ?? []) {
    const name = task.componentRef?.name ?? "";
    const component: ComponentSpec = spec.components?.get(name) ?? {};
    const keys = [...scope, key];
    const label = component.executorLabel ?? "";
    const platform = executors.get(label);
    const executor = spec.deploymentSpec?.executors?.get(label) ?? {};
    const group: GroupBody | null = component.dag === undefined ? null : groupBody(component.dag.outputs, keys);
    const { sdkVersion } = spec;
    steps.push(compileTask({ keys, task, component, componentName: name, executor, group, platform, sdkVersion }));
    if (group !== null) expand(spec, executors, component, keys, steps);
  }
}

function groupBody(outputs: DagOutputs | undefined, scope: readonly string[]): GroupBody {
  return {
    body: "group",
    outputParameters: outputParameters(outputs, scope),
    outputArtifacts: outputArtifacts(outputs, scope),
  };
}

function outputParameters(outputs: DagOutputs | undefined, scope: readonly string[]): OutputBinding[] {
  return [...(outputs?.parameters ?? [])].map(([name, { valueFromParameter: single, valueFromOneof: any }]) => ({
    name,
    sources: (single === undefined ? (any?.parameterSelectors ?? []) : [single]).map((one) =>
      source(scope, one.producerSubtask, one.outputParameterKey),
    ),
  }));
}

function outputArtifacts(outputs: DagOutputs | undefined, scope: readonly string[]): OutputBinding[] {
  return [...(outputs?.artifacts ?? [])].map(([name, { artifactSelectors }]) => ({
    name,
    sources: (artifactSelectors ?? []).map((one) => source(scope, one.producerSubtask, one.outputArtifactKey)),
  }));
}

function source(scope: readonly string[], producer = "", output = ""): { step: StepPath; output: string } {
  return { step: stepPath([...scope, producer]), output };
}

/** Fields of the format that no Kubeflow backend acts on either. */
function unreadSpec(spec: PipelineSpec): string[] {
  const unread: string[] = [];
  for (const [label, { container, importer }] of spec.deploymentSpec?.executors ?? []) {
    const place = placeOf("deploymentSpec.executors", label);
    if (container?.lifecycle !== undefined) unread.push(`${place}.container.lifecycle`);
    if (importer?.properties !== undefined) unread.push(`${place}.importer.properties`);
    if (importer?.customProperties !== undefined) unread.push(`${place}.importer.customProperties`);
  }
  for (const [name, { singlePlatformSpecs, taskConfigPassthroughs }] of spec.components ?? []) {
    const place = placeOf("components", name);
    if ((singlePlatformSpecs?.length ?? 0) > 0) unread.push(`${place}.singlePlatformSpecs`);
    if ((taskConfigPassthroughs?.length ?? 0) > 0) unread.push(`${place}.taskConfigPassthroughs`);
  }
  return unread;
}

/** Platform settings that are kept in the text and read by nobody. */
function unreadPlatform(platform: PlatformSpec | null): string[] {
  const unread: string[] = [];
  for (const [name, one] of platform?.platforms ?? []) {
    const place = placeOf("platforms", name);
    if (name !== "kubernetes") unread.push(place);
    else if (one.config !== undefined) unread.push(`${place}.config`);
    for (const key of Object.keys(name === "kubernetes" ? (one.pipelineConfig ?? {}) : {})) {
      if (!KNOWN_CONFIG.has(key)) unread.push(placeOf(`${place}.pipelineConfig`, key));
    }
  }
  return unread;
}

/** Milliseconds of a number of seconds; null when there is none. */
function secondsToMs(value: JsonValue | undefined): number | null {
  const seconds = typeof value === "string" ? Number(value) : value;
  return typeof seconds === "number" && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}
