/** The format-agnostic model of a pipeline: what every parser produces and the engine, the API and the pages read. */

/** Any JSON value; parameters, defaults and constants are of this type. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export type PipelineFormat = "kfp" | "elyra" | "notebook";

export const STEP_KINDS = [
  "container",
  "notebook",
  "python",
  "r",
  "pyspark",
  "importer",
  "dag",
  "loop",
  "condition",
  "exit-handler",
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** Kinds that hold other steps and start no process of their own. */
export const GROUP_KINDS: ReadonlySet<StepKind> = new Set(["dag", "loop", "condition", "exit-handler"]);

export const PARAMETER_TYPES = ["string", "integer", "number", "boolean", "list", "struct"] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

/** A declared input of a version. `default` absent means none; JSON null is a value. */
export interface ParameterSpec {
  readonly name: string;
  readonly type: ParameterType;
  readonly required: boolean;
  readonly default?: JsonValue;
  readonly description?: string;
  /** Allowed values, in the author's order. */
  readonly literals?: readonly JsonValue[];
}

/**
 * Identity of a step in its graph: the keys from the root down (Kubeflow task key, Elyra node id),
 * each percent-encoded, joined by `/`. A task's path adds `[n]` segments for loop iterations.
 */
export type StepPath = string;

export interface ArtifactSpec {
  readonly name: string;
  /** Schema title such as `system.Dataset`; unknown ones are kept and treated as `system.Artifact`. */
  readonly type: string;
  readonly isList?: boolean;
  readonly optional?: boolean;
  readonly metadata?: { readonly [key: string]: JsonValue };
  readonly description?: string;
}

/** Where an input value of a step comes from. Names of parents and producers are resolved in the step's own scope. */
export type ParameterSource =
  | { readonly from: "constant"; readonly value: JsonValue }
  | { readonly from: "parent"; readonly input: string }
  | { readonly from: "task"; readonly step: StepPath; readonly output: string }
  | { readonly from: "final-status"; readonly step: StepPath };

export interface ParameterBinding {
  readonly name: string;
  readonly source: ParameterSource;
  /** Kubeflow's `parameterExpressionSelector`, as written; applied to the resolved value. */
  readonly selector?: string;
}

export type ArtifactSource =
  | { readonly from: "parent"; readonly input: string }
  | { readonly from: "task"; readonly step: StepPath; readonly output: string };

export interface ArtifactBinding {
  readonly name: string;
  readonly source: ArtifactSource;
}

/** An output that a group (or the pipeline) takes from its children; more than one source is a OneOf. */
export interface OutputBinding {
  readonly name: string;
  readonly sources: readonly { readonly step: StepPath; readonly output: string }[];
}

/** The inputs and outputs a step declares, with their types. */
export interface StepInterface {
  readonly parameters: readonly ParameterSpec[];
  readonly artifacts: readonly ArtifactSpec[];
  readonly outputParameters: readonly {
    readonly name: string;
    readonly type: ParameterType;
    readonly description?: string;
  }[];
  readonly outputArtifacts: readonly ArtifactSpec[];
}

/** A container as a Kubeflow executor describes it; `command` and `args` still hold their placeholders. */
export interface ContainerBody {
  readonly body: "container";
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly resources?: { readonly [key: string]: JsonValue };
  /** Component name, used for the custom cache key. */
  readonly component: string;
  /** Parameters that the program reads from a file: `{{$.inputs.parameters['name'].path}}` is its place. */
  readonly inputFiles?: readonly string[];
  /** Version of the SDK whose runtime the command starts, as pip takes it. */
  readonly sdk?: string;
}

/** A generic Elyra node or a single notebook: one file of the bundle, run by its interpreter. */
export interface FileBody {
  readonly body: "file";
  readonly runner: "notebook" | "python" | "r";
  /** Path of the file inside the bundle, normalised, `/` separated. */
  readonly file: string;
  readonly image: string | null;
  /** Dependency patterns as written, relative to the directory of `file`. */
  readonly dependencies: readonly string[];
  readonly includeSubdirectories: boolean;
  /** Output patterns as written, relative to the working directory. */
  readonly outputs: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  /** Names of pipeline parameters handed over as environment variables. */
  readonly parameterEnv: readonly string[];
  readonly resources?: { readonly [key: string]: JsonValue };
  readonly secrets: readonly { readonly env: string; readonly secret: string; readonly key: string }[];
  readonly volumes: readonly {
    readonly path: string;
    readonly claim: string;
    readonly subPath?: string;
    readonly readOnly?: boolean;
  }[];
}

export interface ImporterBody {
  readonly body: "importer";
  readonly uri: ParameterSource;
  readonly artifactType: string;
  readonly metadata: { readonly [key: string]: JsonValue };
  readonly reimport: boolean;
  readonly downloadToWorkspace: boolean;
}

/** A sub-graph. Loop, condition and exit-handler groups say so in the step itself. */
export interface GroupBody {
  readonly body: "group";
  readonly outputParameters: readonly OutputBinding[];
  readonly outputArtifacts: readonly OutputBinding[];
}

/** Something the format can express and Penstock draws but never runs (an Airflow operator, a custom component without a definition). */
export interface ForeignBody {
  readonly body: "foreign";
  readonly what: string;
  readonly values: { readonly [key: string]: JsonValue };
  /** For a custom component of a catalog: what finds its definition, and the inputs it takes from other steps. */
  readonly component?: {
    readonly operation: string;
    /** What the node says of where its definition comes from: a file name, a path, an address. */
    readonly sources: readonly string[];
    readonly inputs: readonly { readonly input: string; readonly producer: StepPath; readonly output: string }[];
    /** Volumes and pod settings of the node and the pipeline's defaults, under Elyra's names. */
    readonly settings: { readonly [key: string]: JsonValue };
    readonly isCached: boolean;
  };
}

export type StepBody = ContainerBody | FileBody | ImporterBody | GroupBody | ForeignBody;

export interface LoopSpec {
  readonly over: "parameter" | "artifact";
  /** A raw JSON list, or the name of an input of the same step. */
  readonly items: { readonly raw: readonly JsonValue[] } | { readonly input: string };
  readonly itemInput: string;
  /** 0 = no limit. */
  readonly parallelism: number;
}

export interface RetrySpec {
  readonly maxRetries: number;
  readonly backoffMs: number;
  readonly backoffFactor: number;
  /** Total time during which retries may start. */
  readonly backoffMaxMs: number;
}

export interface Step {
  readonly path: StepPath;
  /** The last segment, not encoded. */
  readonly key: string;
  readonly parent: StepPath | null;
  readonly kind: StepKind;
  /** What people see; not unique. */
  readonly name: string;
  readonly description?: string;
  /** Steps that must be settled first: explicit order and data, without doubles. */
  readonly dependsOn: readonly StepPath[];
  /** `completed`: runs when every dependency is settled in any way (exit tasks, ignore_upstream_failure). */
  readonly trigger: "succeeded" | "completed";
  /** CEL text as written, if the step is conditional. */
  readonly condition?: string;
  readonly loop?: LoopSpec;
  readonly retry?: RetrySpec;
  readonly cache: { readonly enabled: boolean; readonly key?: string };
  readonly timeoutMs?: number;
  readonly interface: StepInterface;
  readonly parameters: readonly ParameterBinding[];
  readonly artifacts: readonly ArtifactBinding[];
  readonly body: StepBody;
  /** The platform document's entry for this step's executor, as written. */
  readonly platform?: { readonly [key: string]: JsonValue };
  /** The author's drawing, when the format holds one. */
  readonly position?: { readonly x: number; readonly y: number };
}

/** A note drawn on the canvas. */
export interface GraphComment {
  readonly id: string;
  readonly content: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly steps: readonly StepPath[];
}

export type Severity = "error" | "warning" | "hint";

/** When a problem bites: at upload (the file is refused), at start (the run is refused), or only for containers. */
export type ProblemStage = "upload" | "run" | "container";

/** Something wrong or noteworthy in a pipeline text, with its place. */
export interface Problem {
  readonly severity: Severity;
  readonly stage: ProblemStage;
  /** JSON path or line and column, readable: `root.dag.tasks.train`, `line 12, column 3`. */
  readonly place: string;
  /** Stable name of the rule, kebab-case: `unknown-field`, `circular-reference`. */
  readonly rule: string;
  /** What is wrong and what to do. */
  readonly message: string;
  readonly step?: StepPath;
}

/** A file that a version needs beside its pipeline text. */
export interface FileNeed {
  /** Path or pattern inside the bundle. */
  readonly path: string;
  /** `file`: exactly this path. `pattern`: at least one match. `output`: produced by an upstream step, never missing. */
  readonly kind: "file" | "pattern" | "output";
  readonly step: StepPath;
}

export interface PipelineGraph {
  readonly format: PipelineFormat;
  /** `IR 2.1.0`, `Elyra 8 (read as 7, migrated)`, `nbformat 4.5`. */
  readonly formatVersion: string;
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly ParameterSpec[];
  readonly outputs: { readonly parameters: readonly OutputBinding[]; readonly artifacts: readonly OutputBinding[] };
  /** Types of the pipeline's own outputs. */
  readonly outputTypes: {
    readonly parameters: { readonly [name: string]: ParameterType };
    readonly artifacts: { readonly [name: string]: string };
  };
  /** Artifacts the pipeline takes as inputs; runs cannot give them yet. */
  readonly inputArtifacts: readonly ArtifactSpec[];
  /** Every step, parents before children. */
  readonly steps: readonly Step[];
  readonly comments: readonly GraphComment[];
  /** Files the steps name; the version is Incomplete while any `file` or `pattern` is missing. */
  readonly needs: readonly FileNeed[];
  /** What was changed on reading (migration), in words. */
  readonly changes: readonly string[];
  /** Fields the parser does not know, kept in the text (JSON paths). */
  readonly unknownFields: readonly string[];
  readonly timeoutMs?: number;
  readonly workspace?: { readonly size: string };
}

/** A parser's answer: a graph, or the problems that refuse the file; warnings travel with the graph. */
export type ParseOutcome =
  | { readonly ok: true; readonly graph: PipelineGraph; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Joins step keys to a path. */
export function stepPath(keys: readonly string[]): StepPath {
  return keys.map(encodeURIComponent).join("/");
}
