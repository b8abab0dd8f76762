/** One comparison of the filter builder: field, operator and value, with values suggested as they occur. */
"use client";

import { X } from "lucide-react";
import { useId, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { comparisonProblem, type FieldSet, fieldSpec, KIND_OPERATORS } from "@/server/domain/lists/fields";
import type { Comparison, FilterValue } from "@/server/domain/lists/filter";
import type { CountedValue } from "@/server/domain/views/lists";
import { freshComparison, withOperator } from "./filter-tree";

/** Values of a field that hold what was typed, with how often they occur; a hook. */
export type Suggest = (field: string, part: string) => readonly CountedValue[];

const OPERATOR_WORDS: { readonly [is in Comparison["is"]]: string } = {
  "=": "is",
  "!=": "is not",
  ">": ">",
  ">=": "≥",
  "<": "<",
  "<=": "≤",
  contains: "contains",
  in: "is one of",
  set: "has a value",
};
const EXAMPLES: { readonly [kind: string]: string } = {
  moment: "-24h, -7d, 2026-11-21",
  length: "90s, 5m, 1h30m",
  number: "0.9",
};
const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const shownValue = (comparison: Comparison): string => {
  if (comparison.is === "set") return "";
  return comparison.is === "in" ? comparison.values.join(", ") : String(comparison.value);
};

interface ComparisonRowProps {
  readonly fields: FieldSet;
  readonly fieldNames: readonly string[];
  readonly useSuggestions: Suggest;
  readonly comparison: Comparison;
  readonly onChange: (comparison: Comparison) => void;
  readonly onRemove: () => void;
}

export function ComparisonRow({
  fields,
  fieldNames,
  useSuggestions,
  comparison,
  onChange,
  onRemove,
}: ComparisonRowProps) {
  const id = useId();
  // A field that is being typed is no field yet; null where what stands here is one.
  const [typed, setTyped] = useState<string | null>(null);
  const spec = fieldSpec(fields, comparison.field);
  const kind = spec?.kind ?? "text";
  const text = shownValue(comparison);
  const suggested = useSuggestions(comparison.field, comparison.is === "in" ? "" : text);
  const problem =
    typed === null ? (text === "" && comparison.is !== "set" ? null : comparisonProblem(fields, comparison)) : null;
  const read = (given: string): FilterValue =>
    (kind === "number" || kind === "any") && NUMBER.test(given) ? Number(given) : given;
  const setValue = (given: string) => {
    if (comparison.is === "set") return;
    if (comparison.is === "in") onChange({ ...comparison, values: given.split(",").map((each) => read(each.trim())) });
    else if (comparison.is === "contains") onChange({ ...comparison, value: given });
    else onChange({ ...comparison, value: read(given) });
  };
  return (
    <div>
      <div className="flex flex-wrap items-center gap-1.5 max-md:rounded-md max-md:border max-md:border-line max-md:p-2">
        <Input
          aria-label="Field"
          list={`${id}-fields`}
          className="w-44 font-mono max-md:w-full"
          value={typed ?? comparison.field}
          onChange={(event) => {
            const name = event.target.value;
            const isField = fieldSpec(fields, name) !== undefined;
            setTyped(isField ? null : name);
            if (isField) onChange(freshComparison(fields, name));
          }}
        />
        <datalist id={`${id}-fields`}>
          {fieldNames.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Select
          aria-label="Comparison"
          className="w-32"
          value={comparison.is}
          options={KIND_OPERATORS[kind].map((is) => ({ value: is, label: OPERATOR_WORDS[is] }))}
          onValueChange={(value) => {
            const is = KIND_OPERATORS[kind].find((each) => each === value);
            if (is) onChange(withOperator(comparison, is));
          }}
        />
        {comparison.is === "set" ? null : spec?.words && comparison.is !== "in" ? (
          <Select
            aria-label="Value"
            className="w-44 flex-1"
            value={text}
            options={spec.words.map((word) => ({ value: word, label: word }))}
            onValueChange={setValue}
          />
        ) : (
          <Input
            aria-label="Value"
            list={`${id}-values`}
            placeholder={EXAMPLES[kind] ?? ""}
            className="min-w-32 flex-1 font-mono"
            value={text}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
        <datalist id={`${id}-values`}>
          {suggested.map(({ value, count }) => (
            <option key={value} value={value} label={`${value} (${count})`} />
          ))}
        </datalist>
        <IconButton size="sm" label={`Remove the condition on ${comparison.field}`} onClick={onRemove}>
          <X />
        </IconButton>
      </div>
      {typed !== null && typed !== "" && !fieldNames.some((name) => name.startsWith(typed)) ? (
        <p className="text-xs text-failed">{`There is no field ${typed}.`}</p>
      ) : problem ? (
        <p className="text-xs text-failed">{problem}</p>
      ) : null}
    </div>
  );
}
