/** The cells of a notebook as they leave the server. */
import type { JsonValue } from "@/pipelines/graph";
import type { IsoTime } from "./shared";

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
