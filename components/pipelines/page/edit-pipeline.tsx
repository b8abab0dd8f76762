/** Changes what people say about a pipeline. */
"use client";

import { EditDialog } from "@/components/definitions/edit-dialog";
import { useTRPCClient } from "@/components/trpc/client";
import type { PipelineSummary } from "@/server/domain/views/pipelines";

const DESCRIPTION = { label: "Description", hint: "What it is for." };

export function EditPipeline({
  pipeline,
  onClose,
}: {
  readonly pipeline: PipelineSummary;
  readonly onClose: () => void;
}) {
  const { pipelines } = useTRPCClient();
  return (
    <EditDialog
      said={pipeline}
      words={DESCRIPTION}
      onSave={(said) => pipelines.update.mutate({ id: pipeline.id, ...said })}
      onClose={onClose}
    />
  );
}
