/** What was done to a recurring run, when and by whom. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import type { ChangeKind } from "@/server/domain/recurrence/words";
import type { RecurringChangeView, RecurringRunView } from "@/server/domain/views/recurring-runs";

const KINDS: { readonly [kind in ChangeKind]: string } = {
  created: "Made",
  changed: "Changed",
  enabled: "Enabled",
  disabled: "Disabled",
  deleted: "Deleted",
  restored: "Restored",
};

const shown = (value: string | null): string => value ?? "nothing";

function Change({ change: { at, kind, changedBy, reason, fields } }: { readonly change: RecurringChangeView }) {
  return (
    <li className="grid gap-x-6 gap-y-1 py-2 text-sm sm:grid-cols-[14rem_minmax(0,1fr)]">
      <Time at={at} className="text-dim" />
      <div className="min-w-0">
        <span className="font-medium">{KINDS[kind]}</span>
        {changedBy === null ? (kind === "disabled" && reason !== null ? " by itself" : "") : ` by ${changedBy}`}
        {reason === null ? null : <span className="text-dim">: {reason}</span>}
        {fields.length > 0 ? (
          <ul className="mt-1">
            {fields.map(({ field, before, after }) => (
              <li key={field} className="[overflow-wrap:anywhere]">
                <span className="text-dim">{field}:</span>{" "}
                <span className="text-faint line-through">{shown(before)}</span> {shown(after)}
              </li>
            ))}
          </ul>
        ) : kind === "changed" ? (
          <p className="text-dim">Nothing but the moment of saving.</p>
        ) : null}
      </div>
    </li>
  );
}

export function ChangesTab({ one }: { readonly one: RecurringRunView }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.recurringRuns.changes.queryOptions({ id: one.id }));
  if (query.isError && !query.data) {
    return (
      <ErrorState
        title="The changes could not be loaded"
        message={callProblem(query.error).message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (!query.data) return <SkeletonRows rows={4} label="Loading changes" />;
  return (
    <ol aria-label="Changes, the newest first" className="divide-y divide-line border-y">
      {query.data.map((change) => (
        <Change key={`${change.at} ${change.kind}`} change={change} />
      ))}
    </ol>
  );
}
