/** How a recurring run deals with moments that meet active runs, and with moments that were missed. */
"use client";

import { type Control, Controller } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { CatchUp, Overlap } from "@/server/domain/recurrence/words";
import { capProblem, type RecurringFormValues } from "./form-values";

export const OVERLAP_WORDS: { readonly [overlap in Overlap]: string } = {
  wait: "wait until one is over",
  skip: "skip the moment",
  cancel: "cancel the oldest",
};

export const CATCH_UP_WORDS: { readonly [catchUp in CatchUp]: string } = {
  none: "nothing",
  latest: "the latest moment",
  all: "every moment, up to 100",
};

const choices = <T extends string>(words: { readonly [value in T]: string }) =>
  (Object.entries(words) as [T, string][]).map(([value, label]) => ({ value, label }));

export function PolicyFields({ control }: { readonly control: Control<RecurringFormValues> }) {
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <Controller
        control={control}
        name="maxConcurrency"
        rules={{ validate: (text) => capProblem(text) ?? true }}
        render={({ field, fieldState }) => (
          <Field id="recurring-cap" label="Runs at once" hint="From 1 to 10." error={fieldState.error?.message}>
            {(attributes) => <Input {...attributes} {...field} inputMode="numeric" />}
          </Field>
        )}
      />
      <Controller
        control={control}
        name="overlap"
        render={({ field }) => (
          <Field id="recurring-overlap" label="When as many are active">
            {(attributes) => (
              <Select
                {...attributes}
                value={field.value}
                options={choices(OVERLAP_WORDS)}
                onValueChange={field.onChange}
              />
            )}
          </Field>
        )}
      />
      <Controller
        control={control}
        name="catchUp"
        render={({ field }) => (
          <Field id="recurring-catch-up" label="Made up for" hint="Of what was missed while the server was down.">
            {(attributes) => (
              <Select
                {...attributes}
                value={field.value}
                options={choices(CATCH_UP_WORDS)}
                onValueChange={field.onChange}
              />
            )}
          </Field>
        )}
      />
    </div>
  );
}
