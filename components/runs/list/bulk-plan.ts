/** Which of the chosen runs an action applies to, and why it may apply to none. */
import type { Target } from "@/components/actions/outcome";
import { isRunOver } from "@/server/domain/states";
import type { RunSummary } from "@/server/domain/views/runs";

export type BulkAction = "archive" | "restore" | "terminate" | "retry" | "delete" | "move to front";

interface BulkPlan {
  readonly targets: readonly Target[];
  /** Why the action cannot be used at all; null when it can. */
  readonly reason: string | null;
}

const RULES: { readonly [action in BulkAction]: readonly [(run: RunSummary) => boolean, string] } = {
  archive: [(run) => run.archivedAt === null, "All of them are archived already"],
  restore: [(run) => run.archivedAt !== null, "None of them is archived"],
  terminate: [(run) => !isRunOver(run.state) && run.state !== "canceling", "None of them is pending or running"],
  retry: [
    (run) => (run.state === "failed" || run.state === "canceled") && run.archivedAt === null,
    "None of them failed or was canceled, or they are archived",
  ],
  "move to front": [(run) => !isRunOver(run.state), "All of them are over"],
  delete: [(run) => isRunOver(run.state), "Only runs that are over can be deleted; terminate them first"],
};

export function planBulk(action: BulkAction, runs: readonly RunSummary[]): BulkPlan {
  const [applies, reason] = RULES[action];
  const targets = runs.filter(applies).map(({ id, name }) => ({ id, name }));
  return { targets, reason: targets.length === 0 ? reason : null };
}

/** How each action speaks: before, in the question; and afterwards. What is final is asked even for one run. */
export const BULK_WORDS: {
  readonly [action in BulkAction]: {
    readonly verb: string;
    readonly after: string;
    readonly note: string;
    readonly done: string;
    readonly asks: boolean;
    readonly isFinal: boolean;
  };
} = {
  archive: {
    verb: "Archive",
    after: "",
    note: "Archived runs keep their logs and outputs and can be restored at any time.",
    done: "archived",
    asks: false,
    isFinal: false,
  },
  restore: {
    verb: "Restore",
    after: "",
    note: "They come back to the list of active runs.",
    done: "restored",
    asks: false,
    isFinal: false,
  },
  retry: {
    verb: "Retry",
    after: "",
    note: "In the same runs, what failed and what depends on it runs again; everything else is kept.",
    done: "will run again",
    asks: true,
    isFinal: false,
  },
  terminate: {
    verb: "Terminate",
    after: "",
    note: "Their running steps are stopped; what has been written so far is kept.",
    done: "will be terminated",
    asks: true,
    isFinal: true,
  },
  "move to front": {
    verb: "Move",
    after: " to the front",
    note: "They get a priority above everything else that waits under their profiles; what runs goes on.",
    done: "moved to the front",
    asks: false,
    isFinal: false,
  },
  delete: {
    verb: "Delete",
    after: "",
    note: "They go into the trash with their logs and outputs, and can be restored until it lets them go.",
    done: "deleted",
    asks: true,
    isFinal: false,
  },
};

export const countRuns = (count: number): string => (count === 1 ? "1 run" : `${count.toLocaleString("en")} runs`);

const MOST_COMPARED = 10;

/** Where a selection is compared, or why it cannot be. */
export function comparable(ids: readonly string[]): { readonly href: string; readonly reason: string | null } {
  const reason =
    ids.length < 2
      ? "Choose at least 2 runs"
      : ids.length > MOST_COMPARED
        ? `At most ${MOST_COMPARED} runs are compared`
        : null;
  return { href: `/compare?runs=${ids.join(",")}`, reason };
}
