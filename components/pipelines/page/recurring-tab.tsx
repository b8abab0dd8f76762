/** The recurring runs of this pipeline. */
"use client";

import { CalendarClock, Plus } from "lucide-react";
import { RecurringList } from "@/components/recurring-runs/list/recurring-list";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { PipelineSummary } from "@/server/domain/views/pipelines";

export function RecurringTab({ pipeline }: { readonly pipeline: PipelineSummary }) {
  const href = `/recurring-runs/new?pipeline=${pipeline.id}`;
  return (
    <RecurringList
      scope={{ pipelineId: pipeline.id }}
      create={
        <ButtonLink size="sm" href={href}>
          <Plus />
          Create recurring run
        </ButtonLink>
      }
      empty={
        <EmptyState
          icon={<CalendarClock />}
          title="This pipeline is on no schedule"
          actions={<ButtonLink href={href}>Create recurring run</ButtonLink>}
        >
          A recurring run starts it by itself: every so often, at times of the day, or once in the future.
        </EmptyState>
      }
    />
  );
}
