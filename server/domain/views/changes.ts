/** Changes as the live stream carries them. */
import type { RunState, TaskState } from "../states";

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
