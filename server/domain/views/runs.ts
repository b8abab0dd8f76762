/** Runs as they leave the server: in lists, and whole as the run page reads them. */
import type { JsonValue } from "@/pipelines/graph";
import type { ProfileSettings } from "../profile";
import type { Reason } from "../reason";
import type { RunState } from "../states";
import type { ValuesView } from "./artifacts";
import type { MetricView } from "./metrics";
import type { IsoTime, NamedRef } from "./shared";
import type { LoopView, StepSumView, TaskCounts, TaskSummary } from "./tasks";

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
