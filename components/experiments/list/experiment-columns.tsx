/** The columns of the list of experiments. */
import Link from "next/link";
import type { Column } from "@/components/data-table/columns";
import { momentColumn, numberColumn, textColumn } from "@/components/lists/plain-columns";
import { LastRuns } from "@/components/runs/last-runs";
import { RelativeTime } from "@/components/ui/time";
import type { ExperimentItem } from "@/server/domain/views/experiments";
import { RunCounts } from "../run-counts";

const allRuns = ({ runCounts }: ExperimentItem): number =>
  Object.values(runCounts).reduce((sum, count) => sum + count, 0);

const count = numberColumn<ExperimentItem>;

/** Every column there is; those shown by themselves come first. */
export const EXPERIMENT_COLUMNS: readonly Column<ExperimentItem>[] = [
  {
    id: "name",
    header: "Name",
    sort: "name",
    onPhones: true,
    size: 280,
    cell: (experiment) => (
      <div className="min-w-0">
        <Link href={`/experiments/${experiment.id}`} className="block truncate rounded-sm font-medium hover:underline">
          {experiment.name}
        </Link>
        {experiment.description ? <p className="truncate text-xs text-dim">{experiment.description}</p> : null}
      </div>
    ),
  },
  {
    id: "runs",
    header: "Runs",
    sort: "runs",
    onPhones: true,
    size: 260,
    className: "w-64 max-md:w-36",
    cell: (experiment) => <RunCounts counts={experiment.runCounts} />,
  },
  {
    id: "results",
    header: "Last results",
    size: 152,
    className: "w-38 max-lg:hidden",
    cell: ({ lastRuns }) => <LastRuns runs={lastRuns} />,
  },
  {
    id: "last",
    header: "Last run",
    sort: "last",
    size: 136,
    className: "w-34 max-md:hidden",
    cell: ({ lastRunAt }) =>
      lastRunAt ? <RelativeTime at={lastRunAt} className="text-dim" /> : <span className="text-faint">never</span>,
  },
  momentColumn("created", "Created", ({ createdAt }) => createdAt, {
    sort: "created",
    size: 136,
    className: "w-34 max-lg:hidden",
  }),
  textColumn("state", "State", ({ archivedAt }) => (archivedAt === null ? "active" : "archived"), 96),
  count("all", "All runs", allRuns),
  count("running", "Running", ({ runCounts: { running = 0, canceling = 0 } }) => running + canceling, {
    sort: "running",
  }),
  count("succeeded", "Succeeded", ({ runCounts }) => runCounts.succeeded ?? 0, { sort: "succeeded", size: 112 }),
  count("failed", "Failed", ({ runCounts }) => runCounts.failed ?? 0, { sort: "failed" }),
  momentColumn("archived", "Archived", ({ archivedAt }) => archivedAt, { sort: "archived" }),
  textColumn("description", "Description", ({ description }) => description, 260),
  textColumn("id", "Id", ({ id }) => id, 300),
];

export const USUAL_EXPERIMENT_COLUMNS: readonly string[] = ["name", "runs", "results", "last", "created"];
