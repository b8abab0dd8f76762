/** The parameters that the runs of a recurring run get, with the macros that may stand in them. */
"use client";

import type { Control } from "react-hook-form";
import { Section } from "@/components/layout/page";
import { FormParameter } from "@/components/run-inputs/form-parameter";
import type { ParameterSpec } from "@/pipelines/graph";
import type { RecurringFormValues } from "./form-values";

export function ParameterList({
  control,
  specs,
}: {
  readonly control: Control<RecurringFormValues>;
  readonly specs: readonly ParameterSpec[];
}) {
  return (
    <Section title="Parameters" aside={<span className="text-xs text-faint">{specs.length}</span>}>
      {specs.length === 0 ? (
        <p className="text-sm text-dim">This version takes no parameters.</p>
      ) : (
        <div className="flex flex-col gap-4 pt-1">
          <p className="text-xs text-dim">
            Texts may hold <code>[[ScheduledTime]]</code> (the moment of the run), <code>[[CurrentTime]]</code>,{" "}
            <code>[[Index]]</code> (1, 2, 3 …), each also with a format: <code>[[ScheduledTime.2006-01-02]]</code>. What
            is left at its default follows the version.
          </p>
          {specs.map((spec, index) => (
            <FormParameter key={spec.name} control={control} spec={spec} index={index} />
          ))}
        </div>
      )}
    </Section>
  );
}
