/** The rules of a run's progress as tables: what an ended dependency means, and what a group and a run come to. */
import type { Step } from "@/pipelines/graph";
import type { TaskState } from "@/server/domain/states";

export type OverState = Extract<TaskState, "succeeded" | "cached" | "skipped" | "omitted" | "failed" | "canceled">;

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
 * What a group comes to when all its children are over. A gate succeeds when nothing failed, whatever was skipped; a
 * frame of which nothing ran was omitted with its steps.
 */
export function groupOutcome(role: "gate" | "frame", tally: Tally, isCanceling: boolean): OverState {
  if (tally.failed > 0) return "failed";
  if (isCanceling || tally.canceled > 0) return "canceled";
  const isEmptyFrame = role === "frame" && tally.succeeded + tally.cached === 0 && tally.omitted + tally.skipped > 0;
  return isEmptyFrame ? "omitted" : "succeeded";
}

/** What a run comes to when nothing of it is open any more. */
export function runOutcome(failed: number, isCanceling: boolean): "succeeded" | "failed" | "canceled" {
  if (isCanceling) return "canceled";
  return failed > 0 ? "failed" : "succeeded";
}
