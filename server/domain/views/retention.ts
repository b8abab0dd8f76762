/** The trash and what rules of retention would put there, as they leave the server. */
import type { DefinitionKind } from "../retention";
import type { RunSummary } from "./runs";
import type { IsoTime } from "./shared";

export interface RetentionRunView extends Pick<RunSummary, "id" | "name" | "pipelineName" | "state" | "finishedAt"> {
  readonly artifactBytes: number;
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
