/** Choosing where and how the steps of runs run. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc/client";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

export function ProfilePicker({
  value,
  onChange,
  ofPipeline,
}: {
  /** Null for that of the pipeline, or the installation's default. */
  readonly value: string | null;
  /** The profile that the pipeline names; null for none. */
  readonly ofPipeline: string | null;
  readonly onChange: (name: string | null) => void;
}) {
  const trpc = useTRPC();
  const { data: profiles } = useQuery(trpc.profiles.list.queryOptions());
  const preset = profiles?.find((profile) => profile.isDefault)?.name;
  const taken = value ?? ofPipeline;
  const isKnown = taken === null || profiles?.some(({ name }) => name === taken) !== false;
  const usual =
    ofPipeline === null ? `Default${preset === undefined ? "" : ` (${preset})`}` : `The pipeline's: ${ofPipeline}`;
  return (
    <Field
      id="run-profile"
      label="Profile"
      hint="Where and how its steps run."
      error={isKnown ? undefined : `There is no profile ${taken} any more. Choose another.`}
    >
      {(attributes) => (
        <Select
          {...attributes}
          value={value ?? ""}
          placeholder={usual}
          options={(profiles ?? []).map(({ name }) => ({ value: name, label: name }))}
          onValueChange={(name) => onChange(name === "" ? null : name)}
        />
      )}
    </Field>
  );
}
