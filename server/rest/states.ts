/** Our states in Kubeflow's words; the only place that knows both. */
import type { RunState, TaskState } from "@/server/domain/states";
import type { Words } from "./filter";

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

/** Numbers of the enumeration of run states. */
const STATE_NUMBERS: Words["numbers"] = {
  1: "PENDING",
  2: "RUNNING",
  3: "SUCCEEDED",
  4: "SKIPPED",
  5: "FAILED",
  6: "CANCELING",
  7: "CANCELED",
  8: "PAUSED",
};

/** What a filter on `state` means. */
export const STATE_WORDS: Words = {
  values: {
    PENDING: ["pending"],
    RUNNING: ["running"],
    SUCCEEDED: ["succeeded"],
    FAILED: ["failed", "canceled"],
    CANCELING: ["canceling"],
  } satisfies { readonly [word: string]: readonly RunState[] },
  numbers: STATE_NUMBERS,
};

/** The words of the first API, under the key `status`. */
export const STATUS_WORDS: Words = {
  values: {
    Pending: ["pending"],
    Running: ["running"],
    Succeeded: ["succeeded"],
    Failed: ["failed", "canceled"],
    Terminating: ["canceling"],
  } satisfies { readonly [word: string]: readonly RunState[] },
  numbers: {},
};

/** What a filter on `storage_state` means: whether the row is archived. */
export const STORAGE_WORDS: Words = {
  values: { AVAILABLE: [0], ARCHIVED: [1] },
  numbers: { 1: "AVAILABLE", 2: "ARCHIVED" },
};

/** What a filter on a version's `status` means. */
export const VERSION_WORDS: Words = { values: { READY: ["runnable"], CREATING: ["incomplete"] }, numbers: {} };
