/** Choosing where and how the steps of runs run. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc/client";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

export function ProfilePicker({
  value,
  onChange,
}: {
  /** Null for the default profile. */
  readonly value: string | null;
  readonly onChange: (name: string | null) => void;
}) {
  const trpc = useTRPC();
  const { data: profiles } = useQuery(trpc.profiles.list.queryOptions());
  const preset = profiles?.find((profile) => profile.isDefault)?.name;
  const isKnown = value === null || profiles?.some(({ name }) => name === value) !== false;
  return (
    <Field
      id="run-profile"
      label="Profile"
      hint="Where and how its steps run."
      error={isKnown ? undefined : `There is no profile ${value} any more. Choose another.`}
    >
      {(attributes) => (
        <Select
          {...attributes}
          value={value ?? ""}
          placeholder={preset === undefined ? "Default" : `Default (${preset})`}
          options={(profiles ?? []).map(({ name }) => ({ value: name, label: name }))}
          onValueChange={(name) => onChange(name === "" ? null : name)}
        />
      )}
    </Field>
  );
}
