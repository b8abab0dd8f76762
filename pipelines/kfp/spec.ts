/** The messages of Kubeflow's pipeline spec (IR 2.1.0 and the forms older SDKs wrote), field by field. */
import { anything, dropping, flag, listOf, mapOf, message, number, oneOf, type Read, struct, text } from "./message";

const ArtifactType = message({ schemaTitle: text, schemaUri: text, instanceSchema: text, schemaVersion: text });

const PRIMITIVE_TYPES = ["PRIMITIVE_TYPE_UNSPECIFIED", "INT", "DOUBLE", "STRING"] as const;
const PARAMETER_TYPES = [
  "PARAMETER_TYPE_ENUM_UNSPECIFIED",
  "NUMBER_DOUBLE",
  "NUMBER_INTEGER",
  "STRING",
  "BOOLEAN",
  "LIST",
  "STRUCT",
  "TASK_FINAL_STATUS",
  "TASK_CONFIG",
] as const;

/** Constants of SDKs before 2.0 wrap the value by its type. */
const OldValue = message({ intValue: number, doubleValue: number, stringValue: text });
const ValueOrParameter = message({ constant: anything, constantValue: OldValue, runtimeParameter: text });

const InputDefinitions = message({
  parameters: mapOf(
    message({
      type: oneOf(PRIMITIVE_TYPES),
      parameterType: oneOf(PARAMETER_TYPES),
      defaultValue: anything,
      isOptional: flag,
      description: text,
      literals: listOf(anything),
    }),
  ),
  artifacts: mapOf(message({ artifactType: ArtifactType, isArtifactList: flag, isOptional: flag, description: text })),
});

const OutputDefinitions = message({
  parameters: mapOf(
    message({ type: oneOf(PRIMITIVE_TYPES), parameterType: oneOf(PARAMETER_TYPES), description: text }),
  ),
  artifacts: mapOf(
    message({
      artifactType: ArtifactType,
      properties: struct,
      customProperties: struct,
      metadata: struct,
      isArtifactList: flag,
      description: text,
    }),
  ),
});

const ParameterSelector = message({ producerSubtask: text, outputParameterKey: text });
const DagOutputs = message({
  parameters: mapOf(
    message({
      valueFromParameter: ParameterSelector,
      valueFromOneof: message({ parameterSelectors: listOf(ParameterSelector) }),
    }),
  ),
  artifacts: mapOf(message({ artifactSelectors: listOf(message({ producerSubtask: text, outputArtifactKey: text })) })),
});

const ParameterInput = message({
  taskOutputParameter: message({ producerTask: text, outputParameterKey: text }),
  runtimeValue: ValueOrParameter,
  componentInputParameter: text,
  taskFinalStatus: message({ producerTask: text }),
  parameterExpressionSelector: text,
});
const ArtifactInput = message({
  taskOutputArtifact: message({ producerTask: text, outputArtifactKey: text }),
  componentInputArtifact: text,
});

const Task = message({
  taskInfo: message({ name: text }),
  inputs: message({ parameters: mapOf(ParameterInput), artifacts: mapOf(ArtifactInput) }),
  dependentTasks: listOf(text),
  cachingOptions: message({ enableCache: flag, cacheKey: text }),
  componentRef: message({ name: text }),
  triggerPolicy: message({
    condition: text,
    strategy: oneOf(["TRIGGER_STRATEGY_UNSPECIFIED", "ALL_UPSTREAM_TASKS_SUCCEEDED", "ALL_UPSTREAM_TASKS_COMPLETED"]),
  }),
  artifactIterator: message({ items: message({ inputArtifact: text }), itemInput: text }),
  parameterIterator: message({ items: message({ raw: text, inputParameter: text }), itemInput: text }),
  retryPolicy: message({
    maxRetryCount: number,
    backoffDuration: text,
    backoffFactor: number,
    backoffMaxDuration: text,
  }),
  iteratorPolicy: message({ parallelismLimit: number }),
});

const Component = message({
  inputDefinitions: InputDefinitions,
  outputDefinitions: OutputDefinitions,
  dag: message({ tasks: mapOf(Task), outputs: DagOutputs }),
  executorLabel: text,
  singlePlatformSpecs: listOf(anything),
  taskConfigPassthroughs: listOf(anything),
});

const Executor = message({
  container: message({
    image: text,
    command: listOf(text),
    args: listOf(text),
    lifecycle: anything,
    resources: struct,
    env: listOf(message({ name: text, value: text })),
  }),
  importer: message({
    artifactUri: ValueOrParameter,
    typeSchema: ArtifactType,
    properties: struct,
    customProperties: struct,
    metadata: struct,
    reimport: flag,
    downloadToWorkspace: flag,
  }),
  resolver: anything,
  customJob: anything,
});

/** The whole document. The deployment part is a free struct in the format, so unknown fields there are dropped. */
export const PipelineSpec = message({
  pipelineInfo: message({ name: text, displayName: text, description: text }),
  deploymentSpec: dropping(message({ executors: mapOf(Executor) })),
  sdkVersion: text,
  schemaVersion: text,
  components: mapOf(Component),
  root: Component,
  defaultPipelineRoot: text,
});
export type PipelineSpec = Read<typeof PipelineSpec>;

/** The second document: what only one platform understands, by platform. */
export const PlatformSpec = message({
  platforms: mapOf(
    dropping(
      message({
        deploymentSpec: message({ executors: mapOf(struct) }),
        platform: text,
        version: text,
        config: struct,
        pipelineConfig: struct,
      }),
    ),
  ),
});
export type PlatformSpec = Read<typeof PlatformSpec>;

export type ComponentSpec = Read<typeof Component>;
export type TaskSpec = Read<typeof Task>;
export type ExecutorSpec = Read<typeof Executor>;
export type ParameterInput = Read<typeof ParameterInput>;
export type ArtifactType = Read<typeof ArtifactType>;
export type ValueOrParameter = Read<typeof ValueOrParameter>;
export type InputDefinitions = Read<typeof InputDefinitions>;
export type OutputDefinitions = Read<typeof OutputDefinitions>;
export type DagOutputs = Read<typeof DagOutputs>;
