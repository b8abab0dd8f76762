/** How a run goes about it: what every run is given, and whether the first failure stops it. */
"use client";

import { type Control, Controller, useController } from "react-hook-form";
import { RunChoices } from "@/components/run-inputs/run-choices";
import { SwitchField } from "@/components/ui/switch-field";
import type { RunFormValues } from "./form-values";

export function RunOptions({
  control,
  pipelineId,
}: {
  readonly control: Control<RunFormValues>;
  readonly pipelineId: string | null;
}) {
  const profile = useController({ control, name: "profile" });
  const priority = useController({ control, name: "priority" });
  const cache = useController({ control, name: "cache" });
  return (
    <div className="flex flex-col gap-4 pt-1">
      <RunChoices pipelineId={pipelineId} profile={profile.field} priority={priority.field} cache={cache.field} />
      <Controller
        control={control}
        name="stopsOnFailure"
        render={({ field }) => (
          <SwitchField
            id="run-stops"
            label="Stop on the first failure"
            hint="Off: steps that do not depend on the one that failed go on."
            checked={field.value}
            onChange={field.onChange}
          />
        )}
      />
    </div>
  );
}
