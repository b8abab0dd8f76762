/** The shapes that leave the server: the command's JSON, the tRPC answers and the pages read exactly these. Times are ISO 8601 UTC. */
import type { JsonValue, PipelineFormat, PipelineGraph, Problem, StepKind } from "@/pipelines/graph";
import type { Reason } from "./reason";
import type { AttemptState, RunState, TaskState, VersionState } from "./states";

export type IsoTime = string;

/** A page of a list; `next` is the token of the following page. `total` is exact up to 10,000, then 10,001 stands for more. */
export interface PageView<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total: number;
}

export interface NamedRef {
  readonly id: string;
  readonly name: string;
}

export const RUN_ORIGINS = ["manual", "recurring", "api", "clone"] as const;
export type RunOrigin = (typeof RUN_ORIGINS)[number];

/** How many tasks of a run are in which state; groups are not counted. */
export type TaskCounts = { readonly [state in TaskState]?: number };

/** A row of a list of runs. */
export interface RunSummary {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly state: RunState;
  readonly reason: Reason | null;
  readonly pipeline: NamedRef | null;
  /** Name inside the specification, also for runs without a pipeline. */
  readonly pipelineName: string;
  readonly version: { readonly id: string; readonly number: number };
  readonly experiment: NamedRef;
  readonly profile: string;
  readonly origin: RunOrigin;
  readonly clonedFrom: NamedRef | null;
  readonly archivedAt: IsoTime | null;
  readonly createdAt: IsoTime;
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly taskCounts: TaskCounts;
}

export interface ArtifactView {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  /** Relative to the data directory; null for remote locations. */
  readonly path: string | null;
  readonly uri: string;
  /** Bytes, null when unknown or a directory is not counted. */
  readonly size: number | null;
  readonly digest: string | null;
  readonly isDirectory: boolean;
  readonly metadata: { readonly [key: string]: JsonValue };
}

export interface ValuesView {
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly artifacts: { readonly [name: string]: readonly ArtifactView[] };
}

export interface MetricView {
  readonly name: string;
  readonly value: number;
  readonly index: number | null;
  readonly format: "raw" | "percentage";
  readonly task: number | null;
}

/** A task as the run page draws it: no values, no attempts. */
export interface TaskSummary {
  readonly id: number;
  /** Path of the task: the step path with `[n]` segments for iterations. */
  readonly step: string;
  /** Path of the step in the graph. */
  readonly stepPath: string;
  readonly name: string;
  readonly kind: StepKind;
  readonly state: TaskState;
  readonly reason: Reason | null;
  readonly parent: number | null;
  readonly iteration: number | null;
  readonly createdAt: IsoTime;
  readonly queuedAt: IsoTime | null;
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
  /** Number of the newest attempt, 0 before the first. */
  readonly attempt: number;
}

export interface AttemptView {
  readonly number: number;
  readonly state: AttemptState;
  readonly reason: Reason | null;
  readonly exitCode: number | null;
  readonly createdAt: IsoTime;
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
  readonly pid: number | null;
  /** Bytes of the log so far. */
  readonly logSize: number;
  /** What was started, once it is known: argv, working directory, environment names. */
  readonly command: {
    readonly argv: readonly string[];
    readonly cwd: string;
    readonly env: { readonly [k: string]: string };
  } | null;
}

export interface TaskView extends TaskSummary {
  readonly runId: string;
  readonly inputs: ValuesView;
  readonly outputs: ValuesView;
  readonly attempts: readonly AttemptView[];
}

/** Something the run does not do though the file asks for it, or that a reader should know. */
export interface NoticeView {
  readonly code: string;
  readonly message: string;
  readonly step: string | null;
}

/** The run page's data. */
export interface RunView extends RunSummary {
  readonly outputs: ValuesView;
  readonly metrics: readonly MetricView[];
  readonly tasks: readonly TaskSummary[];
  readonly notices: readonly NoticeView[];
  /** The first failing leaf task: the failed one with the earliest end. */
  readonly firstFailure: number | null;
}

export interface PipelineSummary {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: { readonly [key: string]: string };
  readonly format: PipelineFormat;
  readonly createdAt: IsoTime;
  readonly updatedAt: IsoTime;
  readonly latestVersion: VersionSummary | null;
  readonly versionCount: number;
  readonly lastRun: { readonly id: string; readonly state: RunState; readonly createdAt: IsoTime } | null;
  readonly runCount: number;
}

export interface VersionSummary {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly description: string;
  readonly state: VersionState;
  readonly format: PipelineFormat;
  readonly formatVersion: string;
  readonly createdAt: IsoTime;
  readonly digest: string;
  readonly stepCount: number;
  readonly missing: readonly string[];
}

export interface VersionView extends VersionSummary {
  readonly pipeline: NamedRef | null;
  readonly graph: PipelineGraph;
  readonly problems: readonly Problem[];
  /** Why a run of this version would be refused on the default profile; empty = it can be started. */
  readonly refusals: readonly Problem[];
  readonly files: readonly { readonly path: string; readonly size: number; readonly digest: string }[];
  readonly specFile: string;
}

export interface ExperimentView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly isDefault: boolean;
  readonly createdAt: IsoTime;
  readonly archivedAt: IsoTime | null;
  readonly lastRunAt: IsoTime | null;
  readonly runCounts: { readonly [state in RunState]?: number };
}

/** What the shell's status line shows. */
export interface StatusView {
  readonly version: string;
  readonly engine: { readonly alive: boolean; readonly lastSeenAt: IsoTime | null };
  readonly slots: { readonly used: number; readonly total: number };
  readonly queued: number;
  readonly running: number;
  readonly diskFreeBytes: number;
  readonly now: IsoTime;
}

/** Answer of an upload. */
export interface UploadView {
  readonly pipeline: NamedRef;
  readonly version: {
    readonly id: string;
    readonly number: number;
    readonly state: VersionState;
    readonly missing: readonly string[];
  };
  /** True when the same text and files were there already and no new version was made. */
  readonly unchanged: boolean;
  readonly problems: readonly Problem[];
}

/** A bundled example. */
export interface ExampleView {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly pipelineId: string | null;
}

/** One change, as the live stream carries it; the client refetches what it shows. */
export interface ChangeView {
  readonly id: number;
  readonly topic: "run" | "pipeline" | "experiment" | "log" | "system";
  /** Run id (topics run and log), pipeline or experiment id, else null. */
  readonly subject: string | null;
  readonly kind: string;
  /** Tasks that moved; absent when too many to list. */
  readonly tasks?: readonly { readonly id: number; readonly state: TaskState }[];
  readonly state?: RunState;
  /** For topic log: which attempt grew and to how many bytes. */
  readonly log?: { readonly task: number; readonly attempt: number; readonly size: number };
}
