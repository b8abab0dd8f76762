/** Choosing the time zone of a schedule by typing a part of its name. */
"use client";

import { useMemo } from "react";
import { Combobox } from "@/components/ui/combobox";
import type { FieldControl } from "@/components/ui/field";

export function ZonePicker({
  value,
  onChange,
  ...control
}: FieldControl & { readonly value: string; readonly onChange: (zone: string) => void }) {
  const options = useMemo(() => {
    const names = new Set(["UTC", value, ...Intl.supportedValuesOf("timeZone")]);
    return [...names].map((name) => ({ value: name, label: name }));
  }, [value]);
  return (
    <Combobox
      {...control}
      className="w-full"
      value={value}
      text={value}
      placeholder="Choose a zone"
      searchLabel="Search time zones"
      empty="No zone has this in its name"
      options={options}
      onValueChange={(zone) => zone !== null && onChange(zone)}
    />
  );
}
