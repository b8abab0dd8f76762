/** Turns one task of a spec into one step of the graph. */
import type {
  ArtifactBinding,
  GroupBody,
  JsonValue,
  LoopSpec,
  ParameterBinding,
  ParameterSource,
  RetrySpec,
  Step,
  StepBody,
  StepKind,
} from "../graph";
import { stepPath } from "../graph";
import { readJson } from "../text/json";
import { platformBindings } from "./platform";
import type { ComponentSpec, ExecutorSpec, ParameterInput, TaskSpec, ValueOrParameter } from "./spec";
import { dependenciesOf } from "./task-inputs";
import { artifactTypeName, constantOf, durationMs, interfaceOf } from "./types";

export interface TaskInput {
  /** Task keys from the root down, this task's last. */
  readonly keys: readonly string[];
  readonly task: TaskSpec;
  readonly component: ComponentSpec;
  readonly componentName: string;
  readonly executor: ExecutorSpec;
  /** What the graph inside gives, when the component is one. */
  readonly group: GroupBody | null;
  readonly platform: { readonly [key: string]: JsonValue } | undefined;
  /** What the file says of the SDK that compiled it: `kfp-2.15.2`. */
  readonly sdkVersion: string | undefined;
}

/** The module of the SDK that runs a component's function. */
const RUNTIME = /\bkfp\.(?:dsl|components)\.executor_main\b/;
const DEFAULT_BACKOFF_FACTOR = 2;
const DEFAULT_BACKOFF_MAX_MS = 3_600_000;

export function compileTask(input: TaskInput): Step {
  const { keys, task, component, platform } = input;
  const key = keys.at(-1) ?? "";
  const scope = keys.slice(0, -1);
  const condition = task.triggerPolicy?.condition;
  const loop = loopOf(task);
  const retry = retryOf(task);
  const timeoutMs = timeoutOf(platform);
  const { enableCache, cacheKey } = task.cachingOptions ?? {};
  const upstream = dependenciesOf(task);
  return {
    path: stepPath(keys),
    key,
    parent: scope.length === 0 ? null : stepPath(scope),
    kind: kindOf(input, loop),
    name: task.taskInfo?.name || key,
    dependsOn: upstream.map((one) => stepPath([...scope, one])),
    trigger: task.triggerPolicy?.strategy === "ALL_UPSTREAM_TASKS_COMPLETED" ? "completed" : "succeeded",
    cache: { enabled: enableCache === true, ...(cacheKey === undefined || cacheKey === "" ? {} : { key: cacheKey }) },
    interface: interfaceOf(component),
    parameters: [
      ...parametersOf(task, scope),
      ...(platform === undefined ? [] : platformBindings({ platform }, scope, upstream)),
    ],
    artifacts: artifactsOf(task, scope),
    body: bodyOf(input),
    ...(condition === undefined || condition === "" ? {} : { condition }),
    ...(loop === null ? {} : { loop }),
    ...(retry === null ? {} : { retry }),
    ...(timeoutMs === null ? {} : { timeoutMs }),
    ...(platform === undefined ? {} : { platform }),
  };
}

/** A group is named by what the task does with it; a single step stays what it is, even looped or conditional. */
function kindOf({ keys, task, group, executor }: TaskInput, loop: LoopSpec | null): StepKind {
  if (group === null) return executor.importer === undefined ? "container" : "importer";
  if (loop !== null) return "loop";
  if ((task.triggerPolicy?.condition ?? "") !== "") return "condition";
  return /^exit-handler-\d+$/.test(keys.at(-1) ?? "") ? "exit-handler" : "dag";
}

function bodyOf({ group, executor, componentName, sdkVersion }: TaskInput): StepBody {
  if (group !== null) return group;
  const { container, importer } = executor;
  if (container !== undefined) {
    const startsRuntime = (container.command ?? []).some((word) => RUNTIME.test(word));
    const sdk = startsRuntime ? /^kfp-(\d[\w.+-]*)$/.exec(sdkVersion ?? "")?.[1] : undefined;
    return {
      body: "container",
      image: container.image ?? "",
      command: container.command ?? [],
      args: container.args ?? [],
      env: (container.env ?? []).map(({ name = "", value = "" }) => ({ name, value })),
      component: componentName,
      ...(container.resources === undefined ? {} : { resources: container.resources }),
      ...(sdk === undefined ? {} : { sdk }),
    };
  }
  if (importer !== undefined) {
    return {
      body: "importer",
      uri: valueSource(importer.artifactUri ?? {}),
      artifactType: artifactTypeName(importer.typeSchema),
      metadata: importer.metadata ?? {},
      reimport: importer.reimport === true,
      downloadToWorkspace: importer.downloadToWorkspace === true,
    };
  }
  const what = executor.resolver === undefined ? "customJob" : "resolver";
  return { body: "foreign", what, values: { [what]: executor[what] ?? null } };
}

function parametersOf(task: TaskSpec, scope: readonly string[]): ParameterBinding[] {
  return [...(task.inputs?.parameters ?? [])].map(([name, input]) => ({
    name,
    source: parameterSource(input, scope),
    ...(input.parameterExpressionSelector === undefined ? {} : { selector: input.parameterExpressionSelector }),
  }));
}

function parameterSource(input: ParameterInput, scope: readonly string[]): ParameterSource {
  const { taskOutputParameter: output, taskFinalStatus: status, componentInputParameter: parent } = input;
  if (output !== undefined) {
    return {
      from: "task",
      step: stepPath([...scope, output.producerTask ?? ""]),
      output: output.outputParameterKey ?? "",
    };
  }
  if (status !== undefined) return { from: "final-status", step: stepPath([...scope, status.producerTask ?? ""]) };
  if (parent !== undefined) return { from: "parent", input: parent };
  return valueSource(input.runtimeValue ?? {});
}

function valueSource(value: ValueOrParameter): ParameterSource {
  const constant = constantOf(value);
  if (constant === undefined && value.runtimeParameter !== undefined) {
    return { from: "parent", input: value.runtimeParameter };
  }
  return { from: "constant", value: constant ?? null };
}

function artifactsOf(task: TaskSpec, scope: readonly string[]): ArtifactBinding[] {
  return [...(task.inputs?.artifacts ?? [])].map(([name, { taskOutputArtifact: output, componentInputArtifact }]) => ({
    name,
    source:
      output === undefined
        ? { from: "parent", input: componentInputArtifact ?? "" }
        : {
            from: "task",
            step: stepPath([...scope, output.producerTask ?? ""]),
            output: output.outputArtifactKey ?? "",
          },
  }));
}

function loopOf(task: TaskSpec): LoopSpec | null {
  const { parameterIterator, artifactIterator } = task;
  const parallelism = task.iteratorPolicy?.parallelismLimit ?? 0;
  if (artifactIterator !== undefined) {
    const items = { input: artifactIterator.items?.inputArtifact ?? "" };
    return { over: "artifact", items, itemInput: artifactIterator.itemInput ?? "", parallelism };
  }
  if (parameterIterator === undefined) return null;
  const { raw, inputParameter } = parameterIterator.items ?? {};
  const list = raw === undefined ? null : readJson(raw);
  const items = list?.ok === true && Array.isArray(list.value) ? { raw: list.value } : { input: inputParameter ?? "" };
  return { over: "parameter", items, itemInput: parameterIterator.itemInput ?? "", parallelism };
}

function retryOf({ retryPolicy: policy }: TaskSpec): RetrySpec | null {
  const maxRetries = policy?.maxRetryCount ?? 0;
  if (policy === undefined || maxRetries === 0) return null;
  return {
    maxRetries,
    backoffMs: durationMs(policy.backoffDuration ?? "0s") ?? 0,
    backoffFactor: policy.backoffFactor || DEFAULT_BACKOFF_FACTOR,
    backoffMaxMs: durationMs(policy.backoffMaxDuration ?? "") || DEFAULT_BACKOFF_MAX_MS,
  };
}

function timeoutOf(platform: TaskInput["platform"]): number | null {
  const value = platform?.activeDeadlineSeconds ?? platform?.active_deadline_seconds;
  const seconds = Number(value ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}
