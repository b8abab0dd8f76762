/** The shapes that leave the server: the command's JSON, the tRPC answers and the pages read exactly these. Times are ISO 8601 UTC. */
import type { JsonValue, PipelineFormat, PipelineGraph, Problem, StepKind } from "@/pipelines/graph";
import type { ListName } from "./lists/list-names";
import type { ProfileSettings } from "./profile";
import type { Reason } from "./reason";
import type { DefinitionKind } from "./retention";
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

/** How files pass between the steps of an Elyra run: one directory for all, or only what is declared. */
export const FILE_MODES = ["shared", "isolated"] as const;
export type FileMode = (typeof FILE_MODES)[number];

/** Which part of the graph a run executes. `from` takes the steps before `step` over from another run. */
export type RunExtent =
  | { readonly kind: "all" }
  | { readonly kind: "up-to"; readonly step: string }
  | { readonly kind: "from"; readonly step: string; readonly runId: string };

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
  /** Its place in the queue of the profile: higher ones come first, 0 is the ordinary one. */
  readonly priority: number;
  readonly origin: RunOrigin;
  readonly extent: RunExtent;
  readonly clonedFrom: NamedRef | null;
  readonly archivedAt: IsoTime | null;
  readonly createdAt: IsoTime;
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly taskCounts: TaskCounts;
}

/** A run in a list, with what its columns ask for. */
export interface RunListItem extends RunSummary {
  readonly tags: { readonly [name: string]: string };
  /** The last value of each metric asked for. */
  readonly lastMetrics: { readonly [name: string]: number };
}

/** A view of a list that was saved under a name; `query` is what stands behind `?` in the address. */
export interface SavedView {
  readonly id: string;
  readonly list: ListName;
  readonly name: string;
  readonly query: string;
}

/** Names of the parameters, metrics and tags that the newest runs have. */
export interface FactNames {
  readonly param: readonly string[];
  readonly metric: readonly string[];
  readonly tag: readonly string[];
}

/** A value with how often it occurs among the newest runs. */
export interface CountedValue {
  readonly value: string;
  readonly count: number;
}

/** A task in the list of those of all runs. */
export interface ExecutionView {
  readonly id: number;
  /** Path of the task in its run. */
  readonly step: string;
  readonly name: string;
  readonly kind: StepKind;
  readonly state: TaskState;
  readonly reason: Reason | null;
  readonly attempt: number;
  readonly createdAt: IsoTime;
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
  readonly run: NamedRef;
  readonly pipeline: string;
  readonly experiment: string;
}

export interface LineageLink {
  readonly task: number;
  readonly artifact: number;
}

/** What an artifact was made from and what was made from it. */
export interface LineageView {
  readonly artifacts: readonly ArtifactItemView[];
  readonly tasks: readonly ExecutionView[];
  /** Which task left which artifact; one that reused a result left it too. */
  readonly made: readonly LineageLink[];
  readonly read: readonly LineageLink[];
  /** There is more than is told. */
  readonly isCut: boolean;
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

/** A row of a list of artifacts: with who made it. */
export interface ArtifactItemView extends ArtifactView {
  readonly createdAt: IsoTime;
  readonly run: NamedRef;
  readonly task: { readonly id: number; readonly name: string; readonly step: string };
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

/** A series of a run, thinned to what a chart can show: each part of a long one by its lowest and highest point. */
export interface SeriesView {
  readonly name: string;
  readonly task: number | null;
  readonly isThinned: boolean;
  readonly points: readonly { readonly x: number; readonly y: number }[];
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
  /** How many iterations a loop has, once it was reached; null elsewhere. */
  readonly iterationCount: number | null;
  /** For a task that has taken over another one's outputs: that one. */
  readonly source: {
    readonly task: number;
    readonly step: string;
    readonly runId: string;
    readonly runName: string;
  } | null;
  readonly createdAt: IsoTime;
  readonly queuedAt: IsoTime | null;
  /** When a task that waits to try again may do so; null elsewhere. */
  readonly retryAt: IsoTime | null;
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
  /** Number of the newest attempt, 0 before the first. */
  readonly attempt: number;
}

/** How many iterations of a loop are in which state. */
export interface LoopView {
  readonly task: number;
  readonly iterations: TaskCounts;
}

/** All tasks of a step taken together, where a run has too many of them to list. */
export interface StepSumView {
  readonly stepPath: string;
  readonly tasks: TaskCounts;
  readonly startedAt: IsoTime | null;
  /** Null while any of them goes on. */
  readonly finishedAt: IsoTime | null;
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
  /** What it took; null where it could not be measured. */
  readonly cpuMs: number | null;
  readonly peakBytes: number | null;
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
  /** Bytes of the log so far. */
  readonly logSize: number;
  /** What was started, once it is known. */
  readonly command: CommandView | null;
}

/** A command as an attempt was given it, the values of secrets hidden. */
export interface CommandView {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
  /** Variables that hold a secret. */
  readonly secrets: readonly string[];
  /** What it ran in; null for a process of the machine. */
  readonly container: ContainerView | null;
}

/** A container or pod as it was made for an attempt. */
export interface ContainerView {
  readonly isPod: boolean;
  readonly image: string;
  /** Whether the image's own command stands before the arguments. */
  readonly usesEntrypoint: boolean;
  /** Address of the container engine; null for the one of the machine. */
  readonly engine: string | null;
  /** Null for the user that runs Penstock. */
  readonly user: string | null;
  /** Null leaves it to the image. */
  readonly cwd: string | null;
  readonly network: string | null;
  readonly isReadOnly: boolean;
  readonly memoryBytes: number | null;
  readonly cpus: number | null;
  readonly sharedMemoryBytes: number | null;
  readonly gpus: number | null;
  readonly mounts: readonly { readonly path: string; readonly target: string; readonly isWritable: boolean }[];
  /** Empty folders in memory. */
  readonly memory: readonly { readonly target: string; readonly bytes: number | null }[];
  /** Where it had files that are nowhere else: values of secrets and config maps, volumes of a cluster. */
  readonly brought: readonly string[];
}

/** What all attempts of a run took together; null where no attempt could be measured. */
export interface RunUsageView {
  readonly attempts: number;
  /** Time that attempts ran, added up. */
  readonly ranMs: number;
  readonly cpuMs: number | null;
  /** Of the one that took most. */
  readonly peakBytes: number | null;
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
}

/** What the result cache made of a task. */
export interface CacheView {
  readonly outcome: "hit" | "miss" | "off";
  /** In words: which parts changed since the last run of the step, or whose result was taken. */
  readonly why: string;
  readonly changed: readonly string[] | null;
  /** Whether its outputs may be reused by later runs. */
  readonly isUsable: boolean;
}

/** One cell of a notebook as an attempt ran it. */
export interface CellView {
  readonly index: number;
  readonly type: "code" | "markdown" | "raw";
  /** SHA-256 of the source, hex. */
  readonly sourceHash: string;
  readonly source: string;
  readonly state: "pending" | "running" | "succeeded" | "failed" | "not-run";
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
  /** nbformat outputs, cut to a limit. */
  readonly outputs: readonly JsonValue[];
  readonly isCut: boolean;
  readonly error: { readonly name: string; readonly value: string; readonly traceback: string } | null;
}

/** The cells of one attempt, in order. */
export interface CellsView {
  readonly cells: readonly CellView[];
  /** The attempt was over before they were read: nothing more is going to come. */
  readonly isComplete: boolean;
}

/** One step of one run in the grid of a pipeline: of the iterations of a loop the one that matters most. */
export interface GridCell {
  readonly task: number;
  readonly state: TaskState;
  /** Tasks of this step in the run; more than one inside loops. */
  readonly count: number;
  readonly startedAt: IsoTime | null;
  readonly finishedAt: IsoTime | null;
}

export interface GridRun extends Pick<RunSummary, "id" | "name" | "state" | "createdAt" | "startedAt" | "finishedAt"> {
  readonly version: number;
  /** Cells by the path of their step. */
  readonly cells: { readonly [step: string]: GridCell };
}

export interface GridStep {
  readonly path: string;
  readonly name: string;
  readonly kind: StepKind;
}

/** The last runs of a pipeline by the steps of one level: the oldest run first, steps in the order of the newest run. */
export interface RunGridView {
  readonly runs: readonly GridRun[];
  readonly steps: readonly GridStep[];
  /** Names of the metrics that these runs have, at most 200. */
  readonly metrics: readonly string[];
}

/** The last value of one metric in each of the last runs that have it; the oldest run first. */
export interface MetricTrendView {
  readonly points: readonly { readonly run: NamedRef; readonly createdAt: IsoTime; readonly value: number }[];
}

/** What a start, a retry or a re-run would do with each step, before it is done. */
export interface StepPlanView {
  readonly step: string;
  readonly name: string;
  readonly kind: StepKind;
  /** `unknown`: depends on a result that is not there yet. */
  readonly does: "run" | "reuse" | "keep" | "leave-out" | "unknown";
  readonly why: string;
  /** Where a reused result comes from. */
  readonly source: { readonly runId: string; readonly runName: string; readonly task: number } | null;
}

export interface RunPlanView {
  readonly steps: readonly StepPlanView[];
  /** Why it cannot be done at all. */
  readonly refusals: readonly Problem[];
}

/** Where a queued task stands, and what it waits for. */
export interface QueuePlaceView {
  /** What is counted: the step slots of the engine, or those that its profile may take. */
  readonly limit:
    | { readonly kind: "engine"; readonly slots: number }
    | { readonly kind: "profile"; readonly name: string; readonly slots: number }
    /** What all steps of the profile may take together: processors, or bytes of memory. */
    | { readonly kind: "cpus" | "memory"; readonly name: string; readonly total: number };
  readonly used: number;
  readonly priority: number;
  /** Steps that wait for the same, this one among them, and how many of those have a higher priority. */
  readonly waiting: number;
  readonly higher: number;
  /** How many come first if nothing else comes or ends; null for more than are counted out. */
  readonly ahead: number | null;
  /** Experiments that take turns with the same priority under the same profile, its own among them. */
  readonly experiments: number;
  /** Steps that hold the slots, longest first; no more than a few. */
  readonly holders: readonly {
    readonly task: number;
    readonly step: string;
    readonly runId: string;
    readonly runName: string;
    readonly startedAt: IsoTime | null;
  }[];
  readonly isEngineAlive: boolean;
}

export interface TaskView extends TaskSummary {
  readonly cache: CacheView | null;
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
  /** What made it; null for any other run, and once it was deleted. */
  readonly recurringRun: NamedRef | null;
  readonly tags: { readonly [name: string]: string };
  readonly profileSettings: ProfileSettings | null;
  readonly fileMode: FileMode;
  readonly stopsOnFailure: boolean;
  /** When a retry was asked for that the engine has not begun; the run is over until then. */
  readonly retryRequestedAt: IsoTime | null;
  readonly cache: "use" | "ignore";
  readonly cacheOff: readonly string[];
  readonly outputs: ValuesView;
  readonly metrics: readonly MetricView[];
  /** Whether the run has so many points that `metrics` holds the single numbers alone; `runs.series` tells the rest. */
  readonly seriesLeftOut: boolean;
  /** All tasks; of a run with very many iterations those outside loops, and the iterations a reader needs first. */
  readonly tasks: readonly TaskSummary[];
  /** How many tasks `tasks` leaves out; all of them lie in loops and are listed page by page. */
  readonly tasksLeftOut: number;
  readonly loops: readonly LoopView[];
  /** Sums of the steps in loops, when tasks are left out. */
  readonly stepSums: readonly StepSumView[];
  readonly notices: readonly NoticeView[];
  /** The first failing leaf task: the failed one with the earliest end. */
  readonly firstFailure: number | null;
}

/** A line of one of the logs of a run; moment, attempt and offset are its place among all of them. */
export interface RunLogLine {
  readonly at: number;
  /** Key of the attempt, and its number within the task. */
  readonly attempt: number;
  readonly number: number;
  readonly offset: number;
  readonly task: number;
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** Lines of all steps, ascending. */
export interface RunLogView {
  readonly lines: readonly RunLogLine[];
  /** Whether more lie in the direction that was asked for. */
  readonly hasMore: boolean;
  /** Nothing will be added any more. */
  readonly isOver: boolean;
}

export interface RetentionRunView extends Pick<RunSummary, "id" | "name" | "pipelineName" | "state" | "finishedAt"> {
  readonly artifactBytes: number;
}

/** What one pipeline, run or kind takes; `id` is null where it is not shown any more. */
export interface DiskShare {
  readonly id: string | null;
  readonly name: string;
  readonly bytes: number;
  readonly artifacts: number;
}

/** What the data directory takes of the disk. */
export interface DiskUseView {
  readonly freeBytes: number;
  /** Whole folders as they lie there; `isPartial` where there was not time enough to look at all of it. */
  readonly folders: readonly { readonly name: string; readonly bytes: number; readonly isPartial: boolean }[];
  readonly artifacts: {
    readonly bytes: number;
    readonly artifacts: number;
    readonly pipelines: readonly DiskShare[];
    readonly runs: readonly DiskShare[];
    readonly kinds: readonly DiskShare[];
  };
}

/** Runs that were deleted and can still be brought back. */
export interface TrashView {
  /** How long the trash keeps them. */
  readonly days: number;
  readonly total: number;
  /** Those deleted last; `goesAt` is null while another run uses what one left. */
  readonly runs: readonly (RetentionRunView & { readonly deletedAt: IsoTime; readonly goesAt: IsoTime | null })[];
  /** Pipelines, versions and experiments; `goesAt` is null while runs or recurring runs belong to one. */
  readonly definitions: readonly {
    readonly kind: DefinitionKind;
    readonly id: string;
    readonly name: string;
    readonly deletedAt: IsoTime;
    readonly goesAt: IsoTime | null;
  }[];
}

/** What each of some rules would put into the trash now: how many, exact up to 10,000, and the first of them. */
export interface RetentionPreviewView {
  readonly rules: readonly { readonly count: number; readonly runs: readonly RetentionRunView[] }[];
}

/** One thing that two runs were asked for differently; a side that is left out has no such parameter. */
export type RunDifference =
  | { readonly what: "version"; readonly from: number; readonly to: number }
  | { readonly what: "profile"; readonly from: string; readonly to: string }
  | { readonly what: "parameter"; readonly name: string; readonly from?: JsonValue; readonly to?: JsonValue };

/** What the runs of a pipeline before one of them tell of it. */
export interface EarlierRunsView {
  /** The newest earlier run that succeeded, and what this one was asked for differently. */
  readonly lastGood: { readonly run: NamedRef; readonly differences: readonly RunDifference[] } | null;
  /** Failed runs since the last good one, this one not counted. */
  readonly failedBefore: number;
  /** Middle duration of earlier runs that succeeded. */
  readonly expectedMs: number | null;
  /** Middle durations of steps outside loops, by their path. */
  readonly expectedStepMs: { readonly [step: string]: number };
}

export interface PipelineSummary {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: { readonly [key: string]: string };
  readonly fileMode: FileMode;
  readonly cache: "use" | "ignore";
  /** The profile of its runs unless they say otherwise, which may be gone since; null for the installation's default. */
  readonly profile: string | null;
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
  readonly topic: "run" | "pipeline" | "experiment" | "recurring-run" | "log" | "system";
  /** Run id (topics run and log), pipeline, experiment or recurring run id, else null. */
  readonly subject: string | null;
  readonly kind: string;
  /** Tasks that moved; absent when too many to list. */
  readonly tasks?: readonly { readonly id: number; readonly state: TaskState }[];
  readonly state?: RunState;
  /** For topic log: which attempt grew and to how many bytes. */
  readonly log?: { readonly task: number; readonly attempt: number } & LogGrowth;
}

/** A log has grown to `size` bytes; what is short is told with it, so that nobody has to ask. */
export interface LogGrowth {
  readonly size: number;
  readonly added?: { readonly from: number; readonly base64: string };
}
