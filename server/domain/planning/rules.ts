/** The rules of a run's progress as tables: what an ended dependency means, and what a group and a run come to. */
import type { Step } from "@/pipelines/graph";
import type { ReasonCode } from "@/server/domain/reason";
import type { TaskState } from "@/server/domain/states";

export type OverState = Extract<TaskState, "succeeded" | "cached" | "skipped" | "omitted" | "failed" | "canceled">;

/** Why a run is brought to its end before its time. `isHard`: exit tasks do not run either. */
export interface Ending {
  readonly kind: "canceled" | "timeout" | "first-failure";
  readonly isHard: boolean;
}

type Effect = "releases" | "blocks";

const RELEASES: { readonly [state in OverState]: Effect } = {
  succeeded: "releases",
  cached: "releases",
  skipped: "releases",
  omitted: "releases",
  failed: "releases",
  canceled: "releases",
};

/** What a dependency in an ended state does to a step that waits for it, by the step's trigger. */
export const DEPENDENCY_EFFECT: { readonly [trigger in Step["trigger"]]: { readonly [state in OverState]: Effect } } = {
  succeeded: { ...RELEASES, skipped: "blocks", omitted: "blocks", failed: "blocks", canceled: "blocks" },
  completed: RELEASES,
};

/** How many direct children of a group ended in which state. */
export type Tally = { [state in OverState]: number };

export const emptyTally = (): Tally => ({ succeeded: 0, cached: 0, skipped: 0, omitted: 0, failed: 0, canceled: 0 });

/**
 * What a group comes to when all its children are over. A gate or loop succeeds when nothing failed, whatever was
 * skipped; a frame of which nothing ran was omitted with its steps.
 */
export function groupOutcome(role: "gate" | "loop" | "frame", tally: Tally, isEnding: boolean): OverState {
  if (tally.failed > 0) return "failed";
  if (isEnding || tally.canceled > 0) return "canceled";
  const isEmptyFrame = role === "frame" && tally.succeeded + tally.cached === 0 && tally.omitted + tally.skipped > 0;
  return isEmptyFrame ? "omitted" : "succeeded";
}

const ENDED: { readonly [kind in Ending["kind"]]: "failed" | "canceled" } = {
  canceled: "canceled",
  timeout: "failed",
  "first-failure": "failed",
};

/** What a run comes to when nothing of it is open any more. */
export function runOutcome(failed: number, ending: Ending | null): "succeeded" | "failed" | "canceled" {
  if (ending !== null) return ENDED[ending.kind];
  return failed > 0 ? "failed" : "succeeded";
}

/** The ending that a canceling run is in, told by the reason it was given. */
export function endingOf(code: ReasonCode | undefined, isHard: boolean): Ending {
  if (code === "timeout") return { kind: "timeout", isHard };
  return { kind: code === "stopped-on-failure" ? "first-failure" : "canceled", isHard };
}

/** The state an exit task is told of the task it waits for, in the words of Kubeflow's own backend. */
export const FINAL_STATUS: { readonly [state in OverState]: string } = {
  succeeded: "COMPLETE",
  cached: "CACHED",
  skipped: "CANCELED",
  omitted: "CANCELED",
  failed: "FAILED",
  canceled: "CANCELED",
};
