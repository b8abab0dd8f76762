/** The columns of lists of recurring runs. */
import Link from "next/link";
import type { Column } from "@/components/data-table/columns";
import { momentColumn, textColumn } from "@/components/lists/plain-columns";
import { LastRuns } from "@/components/runs/last-runs";
import { RelativeTime } from "@/components/ui/time";
import type { RecurringRunSummary } from "@/server/domain/views/recurring-runs";
import { RecurringState } from "../recurring-state";
import { ScheduleText } from "../schedule-text";

export function SuccessShare({ of }: { readonly of: Pick<RecurringRunSummary, "success"> }) {
  const { succeeded, ended } = of.success;
  if (ended === 0) return <span className="text-faint">–</span>;
  return (
    <span title={`${succeeded} of the last ${ended} that are over`} className="tabular-nums">
      {Math.floor((succeeded / ended) * 100)} %<span className="text-faint"> of {ended}</span>
    </span>
  );
}

const sourceOf = ({ pipeline, version }: RecurringRunSummary): string =>
  [pipeline?.name ?? "a specification of its own", version === null ? "latest" : `v${version.number}`].join(" · ");

type RecurringColumn = Column<RecurringRunSummary>;
const plain = textColumn<RecurringRunSummary>;
const moment = momentColumn<RecurringRunSummary>;

/** Every column there is; those shown by themselves come first. */
export const RECURRING_COLUMNS: readonly RecurringColumn[] = [
  {
    id: "state",
    header: "State",
    headerHidden: "on phones",
    onPhones: true,
    size: 112,
    className: "w-28 max-md:w-9",
    cell: ({ state }) => <RecurringState state={state} compact />,
  },
  {
    id: "name",
    header: "Name",
    sort: "name",
    onPhones: true,
    size: 260,
    cell: (one) => (
      <div className="min-w-0">
        <Link href={`/recurring-runs/${one.id}`} className="block truncate rounded-sm font-medium hover:underline">
          {one.name}
        </Link>
        <p className="truncate text-xs text-dim max-md:hidden">{sourceOf(one)}</p>
        <p className="text-xs text-dim md:hidden">
          <ScheduleText of={one} />
        </p>
      </div>
    ),
  },
  {
    id: "schedule",
    header: "Schedule",
    size: 260,
    className: "max-md:hidden",
    cell: (one) => (
      <div className="min-w-0">
        <ScheduleText of={one} />
        {one.disabledReason === null ? null : <p className="text-xs text-failed">{one.disabledReason}</p>}
      </div>
    ),
  },
  {
    id: "next",
    header: "Next",
    sort: "next",
    onPhones: true,
    className: "w-36 max-md:w-24",
    cell: ({ nextAt }) =>
      nextAt === null ? (
        <span className="text-faint">–</span>
      ) : (
        <RelativeTime at={nextAt} className="text-dim max-md:whitespace-normal" />
      ),
  },
  {
    id: "last",
    header: "Last",
    className: "w-28 max-lg:hidden",
    cell: ({ lastRuns: [last] }) =>
      last === undefined ? (
        <span className="text-faint">never</span>
      ) : (
        <RelativeTime at={last.scheduledAt} className="text-dim" />
      ),
  },
  {
    id: "results",
    header: "Last results",
    className: "w-36 max-md:hidden",
    cell: (one) => <LastRuns runs={one.lastRuns} />,
  },
  {
    id: "success",
    header: "Succeeded",
    isNumber: true,
    className: "w-28 max-lg:hidden",
    cell: (one) => <SuccessShare of={one} />,
  },
  plain("pipeline", "Pipeline", ({ pipeline }) => pipeline?.name ?? null, 180),
  plain("version", "Version", ({ version }) => (version === null ? "latest" : `v${version.number}`), 96),
  plain("experiment", "Experiment", ({ experiment }) => experiment.name, 180),
  plain("profile", "Profile", ({ profile }) => profile),
  plain("zone", "Time zone", ({ timeZone }) => timeZone, 160),
  plain("cap", "At once", ({ maxConcurrency }) => String(maxConcurrency), 96, { isNumber: true }),
  plain("overlap", "On overlap", ({ overlap }) => overlap, 112),
  plain("catch-up", "Catch-up", ({ catchUp }) => catchUp, 112),
  plain("runs", "Runs", ({ runCount }) => String(runCount), 96, { isNumber: true }),
  moment("start", "Starts", ({ startAt }) => startAt),
  moment("end", "Ends", ({ endAt }) => endAt),
  moment("created", "Created", ({ createdAt }) => createdAt, { sort: "created" }),
  moment("updated", "Changed", ({ updatedAt }) => updatedAt, { sort: "updated" }),
  plain("description", "Description", ({ description }) => description, 240),
  plain("id", "Id", ({ id }) => id, 260),
];

export const USUAL_RECURRING_COLUMNS: readonly string[] = [
  "state",
  "name",
  "schedule",
  "next",
  "last",
  "results",
  "success",
];
