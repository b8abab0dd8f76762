/** What a recurring run is called and where its runs belong, and how they go about it. */
"use client";

import { type Control, Controller, useController } from "react-hook-form";
import { ExperimentField } from "@/components/run-inputs/experiment-field";
import { RunChoices } from "@/components/run-inputs/run-choices";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { TagFields } from "@/components/ui/tag-fields";
import type { RecurringFormValues } from "./form-values";

interface FieldsProps {
  readonly control: Control<RecurringFormValues>;
}

export function IdentityFields({ control }: FieldsProps) {
  return (
    <>
      <Controller
        control={control}
        name="name"
        rules={{
          validate: (name) => name.trim() !== "" || "Give it a name.",
          maxLength: { value: 128, message: "Keep the name to 128 characters." },
        }}
        render={({ field, fieldState }) => (
          <Field id="recurring-name" label="Name" required error={fieldState.error?.message}>
            {(attributes) => <Input {...attributes} {...field} />}
          </Field>
        )}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Controller
          control={control}
          name="experimentId"
          render={({ field }) => (
            <ExperimentField id="recurring-experiment" value={field.value} onChange={field.onChange} />
          )}
        />
        <Controller
          control={control}
          name="description"
          render={({ field }) => (
            <Field id="recurring-description" label="Description">
              {(attributes) => <Input {...attributes} {...field} />}
            </Field>
          )}
        />
      </div>
      <Controller
        control={control}
        name="tags"
        render={({ field }) => (
          <TagFields rows={field.value} onChange={field.onChange} hint="Each of its runs is made with them." />
        )}
      />
    </>
  );
}

export function OptionFields({ control, pipelineId }: FieldsProps & { readonly pipelineId: string }) {
  const profile = useController({ control, name: "profile" });
  const priority = useController({ control, name: "priority" });
  const cache = useController({ control, name: "cache" });
  return (
    <div className="pt-1">
      <RunChoices pipelineId={pipelineId} profile={profile.field} priority={priority.field} cache={cache.field} />
    </div>
  );
}
