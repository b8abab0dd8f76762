/** Experiments as they leave the server. */
import type { RunState } from "../states";
import type { IsoTime } from "./shared";

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

/** An experiment in a list. */
export interface ExperimentItem extends ExperimentView {
  /** The newest first. */
  readonly lastRuns: readonly { readonly id: string; readonly name: string; readonly state: RunState }[];
}
