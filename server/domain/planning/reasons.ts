/** The reasons that planning gives, in words. */
import type { JsonValue } from "@/pipelines/graph";
import type { Reason, ReasonCode } from "@/server/domain/reason";
import type { OverState } from "./rules";

type Blocking = Extract<OverState, "failed" | "skipped" | "omitted" | "canceled">;

const UPSTREAM: { readonly [state in Blocking]: { readonly code: ReasonCode; readonly what: string } } = {
  failed: { code: "upstream-failed", what: "failed" },
  skipped: { code: "upstream-skipped", what: "was skipped" },
  omitted: { code: "upstream-skipped", what: "did not run" },
  canceled: { code: "upstream-canceled", what: "was canceled" },
};

const CARRIED: ReadonlySet<ReasonCode> = new Set(["upstream-failed", "upstream-skipped", "upstream-canceled"]);

export const WAITING_FOR_SLOT: Reason = {
  code: "waiting-for-slot",
  message: "It starts when a slot is free and its turn has come.",
  subject: null,
};

export const WAITING_FOR_DISK: Reason = {
  code: "waiting-for-disk",
  message: "The disk is full; it starts by itself once there is space again.",
  subject: null,
};

/** Why a run of a recurring run does not begin at its moment. */
export const WAITING_FOR_ROOM: Reason = {
  code: "overlap",
  message: "As many runs of its recurring run are active as may be; it starts when one of them is over.",
  subject: null,
};

/** Why a step does not run after `upstream` ended in `state`; the first cause is carried through a chain of omissions. */
export function upstreamReason(
  upstream: { name: string; path: string; reason: Reason | null },
  state: Blocking,
): Reason {
  if (state === "omitted" && upstream.reason !== null && CARRIED.has(upstream.reason.code)) return upstream.reason;
  const { code, what } = UPSTREAM[state];
  return { code, message: `Step "${upstream.name}" ${what}.`, subject: upstream.path };
}

/** Why a run or a group failed: the step that failed first, with its own words. */
export function stepFailed(failed: { name: string; path: string; reason: Reason | null }): Reason {
  const why = failed.reason === null ? "" : `: ${failed.reason.message}`;
  return { code: "step-failed", message: `Step "${failed.name}" failed${why}`, subject: failed.path };
}

/** Why a run ends when somebody asked for it; `by` is who, as recorded. */
export function canceledBy(by: string | null): Reason {
  return { code: "canceled-by-user", message: by ? `Terminated by ${by}.` : "Terminated on request.", subject: by };
}

/** Why a run ends although it is not over: its own limit, in milliseconds. */
export function runTimeout(limitMs: number): Reason {
  return {
    code: "timeout",
    message: `The run took longer than its limit of ${duration(limitMs)}; what was still running was ended.`,
    subject: limitMs,
  };
}

/** Why a step was stopped: its own limit, in milliseconds. */
export function stepTimeout(limitMs: number): Reason {
  return {
    code: "timeout",
    message: `The step took longer than its limit of ${duration(limitMs)} and was ended.`,
    subject: limitMs,
  };
}

/** Why nothing more of a run is started. */
export function stoppedOnFailure(failed: { name: string; path: string }): Reason {
  return {
    code: "stopped-on-failure",
    message: `Step "${failed.name}" failed, and the run is to stop on the first failure.`,
    subject: failed.path,
  };
}

/** Why a task that failed is queued again: which try has failed of how many, and when the next one may start. */
export function waitingForRetry(failure: Reason | null, failures: number, maxRetries: number, atMs: number): Reason {
  const why = failure === null ? "" : `: ${failure.message.replace(/\.$/, "")}`;
  return {
    code: "waiting-for-retry",
    message: `Try ${failures} of ${maxRetries + 1} failed${why}. The next one may start at ${new Date(atMs).toISOString()}.`,
    subject: { failures, of: maxRetries + 1, at: atMs },
  };
}

/** Why a step was skipped: its condition as written, with the values it was asked about. */
export function conditionFalse(condition: string, values: { readonly [name: string]: JsonValue }): Reason {
  return {
    code: "condition-false",
    message: `The condition ${condition} is false${withValues(values)}.`,
    subject: { condition, values },
  };
}

/** Why a condition could not be answered. */
export function conditionError(condition: string, values: { readonly [name: string]: JsonValue }, why: string): Reason {
  return {
    code: "condition-error",
    message: `The condition ${condition} has no answer: ${why}${withValues(values)}`,
    subject: { condition, values },
  };
}

function withValues(values: { readonly [name: string]: JsonValue }): string {
  const shown = Object.entries(values).map(([name, value]) => {
    const text = JSON.stringify(value);
    return `${name} = ${text.length <= 80 ? text : `${text.slice(0, 79)}…`}`;
  });
  return shown.length === 0 ? "" : ` (${shown.join(", ")})`;
}

function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 120) return `${seconds} s`;
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${Math.round(seconds / 6) / 10} min`;
}

export const RUN_CANCELED: Reason = { code: "run-canceled", message: "The run was terminated.", subject: null };

/** Why a step does not run: its result came along from the run that this one continues. */
export function takenOver(runName: string, runId: string): Reason {
  return { code: "taken-over", message: `Its result is taken over from run "${runName}".`, subject: runId };
}

/** Why an iteration of an earlier try is left out: the loop has fewer items now. */
export function noSuchItem(count: number): Reason {
  return { code: "upstream-skipped", message: `The loop has only ${count} items now.`, subject: count };
}

/** Something that is ours to mend: the run cannot go on. */
export function internal(error: unknown): Reason {
  const message = error instanceof Error ? error.message : String(error);
  return { code: "internal", message: `The engine could not go on with this run: ${message}.`, subject: null };
}
