/** One parameter within a form that keeps the texts of all of them, checked by its type as it is left. */
"use client";

import { type Control, Controller, type FieldValues, type Path } from "react-hook-form";
import type { FieldError } from "@/components/ui/error-summary";
import type { ParameterSpec } from "@/pipelines/graph";
import { ParameterField } from "./parameter-field";
import { fieldId, valueErrors } from "./parameter-values";

export interface WithParameters extends FieldValues {
  /** A text for each parameter, in the order of the version. */
  readonly parameters: string[];
}

export function FormParameter<Values extends WithParameters>({
  control,
  spec,
  index,
  errors = [],
  onChanged,
}: {
  readonly control: Control<Values>;
  readonly spec: ParameterSpec;
  readonly index: number;
  /** What the last try to send the form found. */
  readonly errors?: readonly FieldError[];
  /** The value of the field with this id is another one now. */
  readonly onChanged?: (id: string) => void;
}) {
  const id = fieldId(index);
  return (
    <Controller
      control={control}
      name={`parameters.${index}` as Path<Values>}
      rules={{ validate: (text) => valueErrors([spec], [text])[0]?.message ?? true }}
      render={({ field, fieldState }) => (
        <ParameterField
          id={id}
          spec={spec}
          value={field.value}
          error={fieldState.error?.message ?? errors.find((each) => each.fieldId === id)?.message}
          onBlur={field.onBlur}
          onChange={(text) => {
            field.onChange(text);
            onChanged?.(id);
          }}
        />
      )}
    />
  );
}
