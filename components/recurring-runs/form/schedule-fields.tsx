/** The fields of a schedule: its rule, its zone, from when and until when. */
"use client";

import { type Control, Controller, type UseFormSetValue, useWatch } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { isEndWrong, type RecurringFormValues } from "./form-values";
import { readRule } from "./rule";
import { RuleBuilder } from "./rule-builder";
import { ZonePicker } from "./zone-picker";

export function ScheduleFields({
  control,
  setValue,
  ruleProblem,
  isStarted,
}: {
  readonly control: Control<RecurringFormValues>;
  readonly setValue: UseFormSetValue<RecurringFormValues>;
  /** What the server says of the rule. */
  readonly ruleProblem: string | undefined;
  /** An interval counts on from where it began unless it is changed. */
  readonly isStarted: boolean;
}) {
  const [rule, timeZone, start, end] = useWatch({ control, name: ["rule", "timeZone", "start", "end"] });
  const { kind } = readRule(rule);
  const endProblem = isEndWrong({ start, end, timeZone }) ? "The end is not after the start." : undefined;
  const startHint =
    kind === "once"
      ? "Without one it is due as soon as it is saved."
      : kind === "every"
        ? isStarted
          ? "Moments are counted from here; empty: from where they are counted now."
          : "Moments are counted from here; empty: from when it is saved."
        : "No moment before this.";
  return (
    <div className="flex flex-col gap-4 pt-1">
      <Controller
        control={control}
        name="rule"
        rules={{ validate: (text) => text.trim() !== "" || "Write five fields, or choose when it is due." }}
        render={({ field, fieldState }) => (
          <RuleBuilder
            rule={field.value}
            error={fieldState.error?.message ?? ruleProblem}
            onChange={(next) => setValue("rule", next, { shouldDirty: true, shouldValidate: fieldState.invalid })}
            onBlur={field.onBlur}
          />
        )}
      />
      <Controller
        control={control}
        name="timeZone"
        render={({ field }) => (
          <Field
            id="recurring-zone"
            label="Time zone"
            hint="Times here are those of its clock. Where the clock skips a time, the moment moves to the end of the gap; where it shows a time twice, the first counts. Each hour and every so often go by elapsed time."
          >
            {(attributes) => <ZonePicker {...attributes} value={field.value} onChange={field.onChange} />}
          </Field>
        )}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Controller
          control={control}
          name="start"
          render={({ field }) => (
            <Field id="recurring-start" label="Start" hint={startHint}>
              {(attributes) => <Input {...attributes} {...field} type="datetime-local" step={60} />}
            </Field>
          )}
        />
        {kind === "once" ? null : (
          <Controller
            control={control}
            name="end"
            rules={{ validate: (_, values) => !isEndWrong(values) || "The end is not after the start." }}
            render={({ field, fieldState }) => (
              <Field
                id="recurring-end"
                label="End"
                hint="The last moment that may be due; empty: it goes on."
                error={endProblem ?? fieldState.error?.message}
              >
                {(attributes) => <Input {...attributes} {...field} type="datetime-local" step={60} />}
              </Field>
            )}
          />
        )}
      </div>
    </div>
  );
}
