/** Why something is in its state: stored beside the state and shown as it stands. */
import type { JsonValue } from "@/pipelines/graph";

export const REASON_CODES = [
  "waiting-for-slot",
  "waiting-for-disk",
  "waiting-for-retry",
  "waiting-for-twin",
  "overlap",
  "condition-false",
  "condition-error",
  "cache-hit",
  "taken-over",
  "upstream-failed",
  "upstream-skipped",
  "upstream-canceled",
  "step-failed",
  "exit-code",
  "signal",
  "timeout",
  "cannot-start",
  "command-not-found",
  "missing-file",
  "missing-input",
  "bad-input",
  "needs-container",
  "image-missing",
  "engine-gone",
  "bad-interpreter",
  "environment-failed",
  "bad-output",
  "too-large",
  "out-of-memory",
  "disk-full",
  "lost",
  "reboot",
  "canceled-by-user",
  "run-canceled",
  "stopped-on-failure",
  "unsupported",
  "internal",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export interface Reason {
  readonly code: ReasonCode;
  /** One or two sentences: what happened and how to mend it. */
  readonly message: string;
  /** What the code speaks of: a step path, an exit code, a position in the queue. */
  readonly subject: JsonValue;
}
