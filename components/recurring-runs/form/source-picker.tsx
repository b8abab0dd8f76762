/** Which pipeline a recurring run starts, and which of its versions: one that is pinned, or the latest of each moment. */
"use client";

import { PipelinePicker } from "@/components/pipelines/pipeline-picker";
import { VersionPicker } from "@/components/pipelines/version-picker";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { VersionView } from "@/server/domain/views/pipelines";

export function SourcePicker({
  pipelineId,
  version,
  isPinned,
  onPipeline,
  onVersion,
}: {
  readonly pipelineId: string | null;
  /** Undefined while none is there. */
  readonly version: VersionView | undefined;
  readonly isPinned: boolean;
  readonly onPipeline: (id: string | null) => void;
  /** Null follows the latest. */
  readonly onVersion: (id: string | null) => void;
}) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field id="recurring-pipeline" label="Pipeline" required className="sm:col-span-2">
        {(attributes) => (
          <PipelinePicker
            {...attributes}
            className="w-full"
            value={pipelineId}
            placeholder="Choose a pipeline"
            onValueChange={onPipeline}
          />
        )}
      </Field>
      {pipelineId !== null && version !== undefined ? (
        <>
          <Field
            id="recurring-policy"
            label="Version"
            {...(isPinned ? {} : { className: "sm:col-span-2" })}
            hint={
              isPinned
                ? "Every run has this one, whatever is uploaded later."
                : "Every run has the newest of its moment. One that does not fit the parameters any more disables the recurring run and says why."
            }
          >
            {(attributes) => (
              <Select
                {...attributes}
                value={isPinned ? "pinned" : "latest"}
                options={[
                  { value: "latest", label: `Always the latest (now v${version.number})` },
                  { value: "pinned", label: "A pinned one" },
                ]}
                onValueChange={(policy) => onVersion(policy === "pinned" ? version.id : null)}
              />
            )}
          </Field>
          {isPinned ? (
            <Field id="recurring-version" label="Pinned version">
              {(attributes) => (
                <VersionPicker {...attributes} pipelineId={pipelineId} version={version} onChoose={onVersion} />
              )}
            </Field>
          ) : null}
        </>
      ) : null}
    </div>
  );
}
