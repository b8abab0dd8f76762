/** How a run goes about it: its profile, whether it reuses results, and whether the first failure stops it. */
"use client";

import { type Control, Controller } from "react-hook-form";
import { ProfilePicker } from "@/components/run-inputs/profile-picker";
import { SwitchField } from "@/components/ui/switch-field";
import type { RunFormValues } from "./form-values";

export function RunOptions({
  control,
  pipelineCache,
}: {
  readonly control: Control<RunFormValues>;
  /** What the pipeline says where the form does not. */
  readonly pipelineCache: "use" | "ignore";
}) {
  return (
    <div className="flex flex-col gap-4">
      <Controller
        control={control}
        name="profile"
        render={({ field }) => <ProfilePicker value={field.value} onChange={field.onChange} />}
      />
      <Controller
        control={control}
        name="cache"
        render={({ field }) => (
          <SwitchField
            id="run-cache"
            label="Reuse results of earlier runs"
            hint={
              field.value === null && pipelineCache === "ignore"
                ? "This pipeline is set to reuse nothing. Switched on, it holds for this run alone."
                : "A step whose inputs, files and definition are the same as before takes the earlier result."
            }
            checked={(field.value ?? pipelineCache) === "use"}
            onChange={(on) => field.onChange(on ? "use" : "ignore")}
          />
        )}
      />
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
