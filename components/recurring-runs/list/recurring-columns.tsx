/** The columns of lists of recurring runs. */
import Link from "next/link";
import type { Column } from "@/components/data-table/data-table";
import { RunStatus, STATE_LOOKS } from "@/components/runs/run-status";
import { RelativeTime } from "@/components/ui/time";
import type { RecurringRunSummary } from "@/server/domain/recurrence/views";
import { RecurringState } from "../recurring-state";
import { ScheduleText } from "../schedule-text";

/** The last results, the newest at the right; each leads to its run. */
function LastRuns({ of }: { readonly of: RecurringRunSummary }) {
  if (of.lastRuns.length === 0) return <span className="text-faint">none yet</span>;
  return (
    <ul className="flex gap-0.5">
      {of.lastRuns.toReversed().map(({ id, name, state }) => (
        <li key={id}>
          <Link
            href={`/runs/${id}`}
            title={`${name}: ${STATE_LOOKS[state].label.toLowerCase()}`}
            className="relative grid size-6 place-items-center rounded-sm hover:bg-hover"
          >
            <RunStatus state={state} compact />
            <span className="sr-only">: {name}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

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

export const RECURRING_COLUMNS: readonly Column<RecurringRunSummary>[] = [
  {
    id: "state",
    header: "State",
    headerHidden: "on phones",
    className: "w-28 max-md:w-9",
    cell: ({ state }) => <RecurringState state={state} compact />,
  },
  {
    id: "name",
    header: "Name",
    sort: "name",
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
    cell: (one) => <LastRuns of={one} />,
  },
  {
    id: "success",
    header: "Succeeded",
    className: "w-28 max-lg:hidden",
    cell: (one) => <SuccessShare of={one} />,
  },
];
