/** Which of the chosen runs an action applies to, and why it may apply to none. */
import { isRunOver } from "@/server/domain/states";
import type { RunSummary } from "@/server/domain/views";

export type BulkAction = "archive" | "restore" | "terminate" | "delete";

interface BulkPlan {
  readonly ids: readonly string[];
  /** Why the action cannot be used at all; null when it can. */
  readonly reason: string | null;
}

const RULES: { readonly [action in BulkAction]: readonly [(run: RunSummary) => boolean, string] } = {
  archive: [(run) => run.archivedAt === null, "All of them are archived already"],
  restore: [(run) => run.archivedAt !== null, "None of them is archived"],
  terminate: [(run) => !isRunOver(run.state) && run.state !== "canceling", "None of them is pending or running"],
  delete: [(run) => isRunOver(run.state), "Only runs that are over can be deleted; terminate them first"],
};

export function planBulk(action: BulkAction, runs: readonly RunSummary[]): BulkPlan {
  const [applies, reason] = RULES[action];
  const ids = runs.filter(applies).map((run) => run.id);
  return { ids, reason: ids.length === 0 ? reason : null };
}

export const countRuns = (count: number): string => (count === 1 ? "1 run" : `${count.toLocaleString("en")} runs`);
