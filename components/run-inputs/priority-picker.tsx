/** Choosing the place of runs in the queue, by the priorities that have names. */
"use client";

import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { NAMED_PRIORITIES, priorityText } from "@/server/domain/queue/priority";

export function PriorityPicker({
  value,
  onChange,
  hint = "Higher ones start first under the same profile.",
}: {
  readonly value: number;
  readonly onChange: (priority: number) => void;
  readonly hint?: string;
}) {
  const named = NAMED_PRIORITIES.map(({ priority }) => priority);
  // One without a name came from a program, or from another run.
  const offered = named.includes(value) ? named : [...named, value].sort((a, b) => b - a);
  return (
    <Field id="run-priority" label="Priority" hint={hint}>
      {(attributes) => (
        <Select
          {...attributes}
          value={String(value)}
          options={offered.map((priority) => ({ value: String(priority), label: priorityText(priority) }))}
          onValueChange={(text) => onChange(Number(text))}
        />
      )}
    </Field>
  );
}
