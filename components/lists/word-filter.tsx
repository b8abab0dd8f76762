/** A choice beside the search of a list for the one word that is asked for most: it stands in the filter like any other condition. */
"use client";

import { Select } from "@/components/ui/select";
import { allFilters, conjunctsOf, type Filter } from "@/server/domain/lists/filter";

const isOf = (field: string) => (part: Filter) => "field" in part && part.field === field;

function wordOf(filter: Filter | null, field: string): string {
  const part = conjunctsOf(filter ?? undefined).find(isOf(field));
  return part && "is" in part && part.is === "=" ? String(part.value) : "";
}

export function WordFilter({
  field,
  label,
  any,
  words,
  filter,
  onChange,
}: {
  readonly field: string;
  readonly label: string;
  /** What stands there while nothing is asked for. */
  readonly any: string;
  readonly words: readonly string[];
  readonly filter: Filter | null;
  readonly onChange: (filter: Filter | null) => void;
}) {
  return (
    <Select
      aria-label={label}
      className="w-36"
      value={wordOf(filter, field)}
      placeholder={any}
      options={words.map((word) => ({ value: word, label: `${word[0]?.toUpperCase()}${word.slice(1)}` }))}
      onValueChange={(word) => {
        const others = conjunctsOf(filter ?? undefined).filter((part) => !isOf(field)(part));
        const own: Filter[] = word === "" ? [] : [{ field, is: "=", value: word }];
        onChange(allFilters([...own, ...others]) ?? null);
      }}
    />
  );
}
