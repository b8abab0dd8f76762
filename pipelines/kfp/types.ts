/** Turns the format's types, constants and durations into the graph's own. */
import type { ArtifactSpec, JsonValue, ParameterSpec, ParameterType, StepInterface } from "../graph";
import type { ArtifactType, ComponentSpec, InputDefinitions, OutputDefinitions, ValueOrParameter } from "./spec";

/** Filled by the orchestrator; a user cannot give them. */
export const ORCHESTRATOR_TYPES: ReadonlySet<string> = new Set(["TASK_FINAL_STATUS", "TASK_CONFIG"]);

const TYPES: { readonly [name: string]: ParameterType } = {
  NUMBER_DOUBLE: "number",
  NUMBER_INTEGER: "integer",
  STRING: "string",
  BOOLEAN: "boolean",
  LIST: "list",
  STRUCT: "struct",
  TASK_FINAL_STATUS: "struct",
  TASK_CONFIG: "struct",
  INT: "integer",
  DOUBLE: "number",
};

type InputParameter = NonNullable<InputDefinitions["parameters"]> extends ReadonlyMap<string, infer T> ? T : never;
type OutputArtifact = NonNullable<OutputDefinitions["artifacts"]> extends ReadonlyMap<string, infer T> ? T : never;

/** The type of a declared parameter; null where the file leaves it open. */
export function parameterType(declared: { parameterType?: string; type?: string }): ParameterType | null {
  return TYPES[declared.parameterType ?? declared.type ?? ""] ?? null;
}

export function parameterSpec(name: string, declared: InputParameter): ParameterSpec {
  const hasDefault = declared.defaultValue !== undefined;
  return {
    name,
    type: parameterType(declared) ?? "string",
    required: !hasDefault && declared.isOptional !== true,
    ...(declared.defaultValue === undefined ? {} : { default: declared.defaultValue }),
    ...(declared.description === undefined ? {} : { description: declared.description }),
    ...(declared.literals === undefined || declared.literals.length === 0 ? {} : { literals: declared.literals }),
  };
}

export function artifactTypeName(type: ArtifactType | undefined): string {
  return type?.schemaTitle ?? "system.Artifact";
}

function outputArtifact(name: string, declared: OutputArtifact): ArtifactSpec {
  return {
    name,
    type: artifactTypeName(declared.artifactType),
    ...(declared.isArtifactList === true ? { isList: true } : {}),
    ...(declared.metadata === undefined ? {} : { metadata: declared.metadata }),
    ...(declared.description === undefined ? {} : { description: declared.description }),
  };
}

export function inputArtifacts(inputs: InputDefinitions | undefined): ArtifactSpec[] {
  return [...(inputs?.artifacts ?? [])].map(([name, declared]) => ({
    name,
    type: artifactTypeName(declared.artifactType),
    ...(declared.isArtifactList === true ? { isList: true } : {}),
    ...(declared.isOptional === true ? { optional: true } : {}),
    ...(declared.description === undefined ? {} : { description: declared.description }),
  }));
}

/** What a component takes and gives. */
export function interfaceOf(component: ComponentSpec): StepInterface {
  const { inputDefinitions: inputs, outputDefinitions: outputs } = component;
  return {
    parameters: [...(inputs?.parameters ?? [])].map(([name, declared]) => parameterSpec(name, declared)),
    artifacts: inputArtifacts(inputs),
    outputParameters: [...(outputs?.parameters ?? [])].map(([name, declared]) => ({
      name,
      type: parameterType(declared) ?? "string",
      ...(declared.description === undefined ? {} : { description: declared.description }),
    })),
    outputArtifacts: [...(outputs?.artifacts ?? [])].map(([name, declared]) => outputArtifact(name, declared)),
  };
}

/** The value of a constant in its new or old form; undefined when it names a parameter instead or is empty. */
export function constantOf(value: ValueOrParameter): JsonValue | undefined {
  if (value.constant !== undefined) return value.constant;
  const old = value.constantValue;
  return old?.stringValue ?? old?.intValue ?? old?.doubleValue;
}

/** Milliseconds of a protobuf duration such as `3.5s`; null when it is none. */
export function durationMs(text: string): number | null {
  const match = /^(\d{1,12}(?:\.\d{1,9})?)s$/.exec(text);
  return match === null ? null : Math.round(Number(match[1]) * 1000);
}
