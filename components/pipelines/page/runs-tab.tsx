/** The runs of this pipeline. */
"use client";

import { Play } from "lucide-react";
import { useMemo } from "react";
import { RunList } from "@/components/runs/list/run-list";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { PipelineSummary } from "@/server/domain/views/pipelines";

export function RunsTab({ pipeline }: { readonly pipeline: PipelineSummary }) {
  const scope = useMemo(() => ({ pipelineId: pipeline.id }), [pipeline.id]);
  return (
    <RunList
      scope={scope}
      empty={
        <EmptyState
          icon={<Play />}
          title="This pipeline has not run yet"
          actions={<ButtonLink href={`/runs/new?pipeline=${pipeline.id}`}>Create run</ButtonLink>}
        >
          Its runs, with their states and durations, will be listed here.
        </EmptyState>
      }
    />
  );
}
