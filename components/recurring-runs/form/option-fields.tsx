/** What a recurring run is called and where its runs belong, and how they go about it. */
"use client";

import { type Control, Controller } from "react-hook-form";
import { ExperimentField } from "@/components/run-inputs/experiment-field";
import { ProfilePicker } from "@/components/run-inputs/profile-picker";
import { PairsEditor } from "@/components/settings/pairs-editor";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
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
    </>
  );
}

export function OptionFields({ control }: FieldsProps) {
  return (
    <div className="flex flex-col gap-4 pt-1">
      <div className="grid gap-4 sm:grid-cols-2">
        <Controller
          control={control}
          name="profile"
          render={({ field }) => <ProfilePicker value={field.value} onChange={field.onChange} />}
        />
        <Controller
          control={control}
          name="cache"
          render={({ field }) => (
            <Field id="recurring-cache" label="Results of earlier runs">
              {(attributes) => (
                <Select
                  {...attributes}
                  value={field.value ?? ""}
                  placeholder="As the pipeline says"
                  options={[
                    { value: "use", label: "Reuse them" },
                    { value: "ignore", label: "Run everything" },
                  ]}
                  onValueChange={(cache) => field.onChange(cache === "" ? null : cache)}
                />
              )}
            </Field>
          )}
        />
      </div>
      <Controller
        control={control}
        name="tags"
        render={({ field }) => (
          <PairsEditor
            legend="Tags"
            hint="Each of its runs is made with them."
            pairs={field.value}
            onChange={field.onChange}
            names={{ label: "Tag name", example: "team" }}
            values={{ label: "Tag value", example: "growth" }}
            add="Add a tag"
            error={undefined}
          />
        )}
      />
    </div>
  );
}
