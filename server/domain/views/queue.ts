/** Where a queued task stands, as it leaves the server. */
import type { IsoTime } from "./shared";

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
