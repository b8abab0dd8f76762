/** The reasons that planning gives, in words. */
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
  message: "All step slots are in use; it starts when one is free.",
  subject: null,
};

export const WAITING_FOR_DISK: Reason = {
  code: "waiting-for-disk",
  message: "The disk is full; it starts by itself once there is space again.",
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

export const RUN_CANCELED: Reason = { code: "run-canceled", message: "The run was terminated.", subject: null };

/** Something that is ours to mend: the run cannot go on. */
export function internal(error: unknown): Reason {
  const message = error instanceof Error ? error.message : String(error);
  return { code: "internal", message: `The engine could not go on with this run: ${message}.`, subject: null };
}
