/** Our states in Kubeflow's words; the only place that knows both. */
import type { RunState, TaskState } from "@/server/domain/states";

/** A canceled run is FAILED with an error: released SDKs wait for ever on CANCELED. */
export const RUN_STATE: { readonly [state in RunState]: string } = {
  pending: "PENDING",
  running: "RUNNING",
  canceling: "CANCELING",
  succeeded: "SUCCEEDED",
  failed: "FAILED",
  canceled: "FAILED",
};

export const TASK_STATE: { readonly [state in TaskState]: string } = {
  pending: "PENDING",
  queued: "PENDING",
  running: "RUNNING",
  canceling: "RUNNING",
  succeeded: "SUCCEEDED",
  cached: "SKIPPED",
  skipped: "SKIPPED",
  omitted: "SKIPPED",
  failed: "FAILED",
  canceled: "CANCELED",
};

/** What a filter on `state` means; numbers are the enumeration's. */
export const STATE_WORDS: { readonly [word: string]: readonly RunState[] } = {
  PENDING: ["pending"],
  RUNNING: ["running"],
  SUCCEEDED: ["succeeded"],
  SKIPPED: [],
  FAILED: ["failed", "canceled"],
  CANCELING: ["canceling"],
  CANCELED: [],
  PAUSED: [],
  1: ["pending"],
  2: ["running"],
  3: ["succeeded"],
  5: ["failed", "canceled"],
  6: ["canceling"],
};

/** The words of the first API, under the key `status`. */
export const STATUS_WORDS: { readonly [word: string]: readonly RunState[] } = {
  Pending: ["pending"],
  Running: ["running"],
  Succeeded: ["succeeded"],
  Skipped: [],
  Failed: ["failed", "canceled"],
  Terminating: ["canceling"],
};

/** What a filter on `storage_state` means: whether the row is archived. */
export const STORAGE_WORDS: { readonly [word: string]: readonly number[] } = {
  AVAILABLE: [0],
  ARCHIVED: [1],
  1: [0],
  2: [1],
};
