/** Changes what people say about a run. */
"use client";

import { EditDialog } from "@/components/definitions/edit-dialog";
import { useTRPCClient } from "@/components/trpc/client";
import type { RunView } from "@/server/domain/views/runs";

const NOTES = { label: "Notes", hint: "What this run was for, and what came of it." };

export function EditRun({ run, onClose }: { readonly run: RunView; readonly onClose: () => void }) {
  const { runs } = useTRPCClient();
  return (
    <EditDialog
      said={run}
      words={NOTES}
      onSave={(said) => runs.rename.mutate({ id: run.id, ...said })}
      onClose={onClose}
    />
  );
}
