/** Pipelines, their versions and the answer of an upload, as they leave the server. */
import type { PipelineFormat, PipelineGraph, Problem } from "@/pipelines/graph";
import type { RunState, VersionState } from "../states";
import type { FileMode } from "./runs";
import type { IsoTime, NamedRef } from "./shared";

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
  /** The newest first. */
  readonly lastRuns: readonly { readonly id: string; readonly name: string; readonly state: RunState }[];
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
