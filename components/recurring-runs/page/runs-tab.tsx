/** The runs of this recurring run, those on request among them. */
"use client";

import { Play } from "lucide-react";
import { useMemo } from "react";
import { RunList } from "@/components/runs/list/run-list";
import { EmptyState } from "@/components/ui/empty-state";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";

export function RunsTab({ one }: { readonly one: RecurringRunView }) {
  const scope = useMemo(() => ({ recurringRunId: one.id }), [one.id]);
  return (
    <RunList
      scope={scope}
      empty={
        <EmptyState icon={<Play />} title="It has made no run yet">
          Each moment makes one; Run now makes one at once and leaves the schedule as it is.
        </EmptyState>
      }
    />
  );
}
