/** What a run is called and where it is kept: name, experiment, description and tags. */
"use client";

import { type Control, Controller } from "react-hook-form";
import { ExperimentField } from "@/components/run-inputs/experiment-field";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { TagFields } from "@/components/ui/tag-fields";
import type { RunFormValues } from "./form-values";

export function RunPlace({ control }: { readonly control: Control<RunFormValues> }) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Controller
          control={control}
          name="name"
          rules={{ maxLength: { value: 128, message: "Keep the name to 128 characters." } }}
          render={({ field, fieldState }) => (
            <Field
              id="run-name"
              label="Name"
              hint="Left empty, it is named after the pipeline."
              error={fieldState.error?.message}
            >
              {(attributes) => <Input {...attributes} {...field} />}
            </Field>
          )}
        />
        <Controller
          control={control}
          name="experimentId"
          render={({ field }) => <ExperimentField id="run-experiment" value={field.value} onChange={field.onChange} />}
        />
      </div>
      <Controller
        control={control}
        name="description"
        render={({ field }) => (
          <Field id="run-description" label="Notes" hint="What this run is for. They can be changed later.">
            {(attributes) => <Textarea {...attributes} {...field} rows={2} className="min-h-12" />}
          </Field>
        )}
      />
      <Controller
        control={control}
        name="tags"
        render={({ field }) => <TagFields rows={field.value} onChange={field.onChange} />}
      />
    </>
  );
}
