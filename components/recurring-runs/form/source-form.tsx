/** The form of a recurring run once its version is known, and what stands in its place until then. */
"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { CalendarClock } from "lucide-react";
import { useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { type Beginning, chosenParameters } from "./form-values";
import { RecurringForm } from "./recurring-form";
import { SourcePicker } from "./source-picker";

export function SourceForm({
  pipelineId,
  versionId,
  beginning,
  editedId,
  onSource,
}: {
  readonly pipelineId: string | null;
  /** Null follows the latest version. */
  readonly versionId: string | null;
  readonly beginning: Beginning;
  readonly editedId: string | null;
  readonly onSource: (source: { readonly pipelineId: string | null; readonly versionId: string | null }) => void;
}) {
  const trpc = useTRPC();
  const [carried, setCarried] = useState<Beginning | null>(null);
  const pinned = useQuery(trpc.pipelines.versionById.queryOptions(versionId ? { versionId } : skipToken));
  const newest = useQuery(
    trpc.pipelines.version.queryOptions(!versionId && pipelineId ? { id: pipelineId } : skipToken),
  );
  const query = versionId ? pinned : newest;
  const version = query.data;
  const own = pipelineId ?? version?.pipeline?.id ?? null;
  const choose = (id: string | null) => {
    setCarried(null);
    onSource({ pipelineId: id, versionId: null });
  };
  if (query.isError && !version) {
    return (
      <ErrorState
        title="This cannot be prepared"
        message={callProblem(query.error).message}
        onRetry={() => void query.refetch()}
        actions={
          <ButtonLink size="sm" href="/recurring-runs/new">
            Start from an empty form
          </ButtonLink>
        }
      />
    );
  }
  if (own === null && versionId === null) {
    return (
      <div className="max-w-[36rem]">
        <SourcePicker pipelineId={null} version={undefined} isPinned={false} onPipeline={choose} onVersion={() => {}} />
        <EmptyState
          icon={<CalendarClock />}
          title="Choose what is to run"
          actions={<ButtonLink href="/pipelines/new">Upload a pipeline</ButtonLink>}
        >
          The form shows the parameters of the pipeline you choose.
        </EmptyState>
      </div>
    );
  }
  if (!version) return <SkeletonRows rows={8} label="Loading the form" />;
  if (own === null) {
    return (
      <ErrorState
        title="This version belongs to no pipeline"
        message="It was sent with a run or a recurring run and stands in no list. Upload it as a pipeline first."
      />
    );
  }
  return (
    <RecurringForm
      key={version.id}
      version={version}
      pipelineId={own}
      versionId={versionId}
      beginning={carried ?? beginning}
      editedId={editedId}
      picker={(current) => (
        <SourcePicker
          pipelineId={own}
          version={version}
          isPinned={versionId !== null}
          onPipeline={choose}
          onVersion={(id) => {
            const { parameters, ...rest } = current();
            setCarried({ ...rest, values: chosenParameters(version.graph.parameters, parameters) });
            onSource({ pipelineId: own, versionId: id });
          }}
        />
      )}
    />
  );
}
