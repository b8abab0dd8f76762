/** One group of the filter builder: how its parts are joined, its comparisons, and groups inside it. */
"use client";

import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import type { FieldSet } from "@/server/domain/lists/fields";
import { ComparisonRow, type Suggest } from "./comparison-row";
import { freshComparison, type Group, isGroup, type Joint, type Node } from "./filter-tree";

const JOINTS: readonly { readonly value: Joint; readonly label: string }[] = [
  { value: "all", label: "All of these hold" },
  { value: "any", label: "Any of these holds" },
  { value: "none", label: "None of these holds" },
];

interface FilterGroupProps {
  readonly fields: FieldSet;
  readonly fieldNames: readonly string[];
  readonly useSuggestions: Suggest;
  readonly group: Group;
  /** Nothing when it is the whole filter. */
  readonly onRemove?: () => void;
  readonly onChange: (group: Group) => void;
}

export function FilterGroup({ group, onChange, onRemove, ...shared }: FilterGroupProps) {
  const id = useId();
  const { fields, fieldNames } = shared;
  const setPart = (index: number, part: Node) =>
    onChange({ ...group, parts: group.parts.map((each, at) => (at === index ? part : each)) });
  const remove = (index: number) => onChange({ ...group, parts: group.parts.filter((_, at) => at !== index) });
  const add = (part: Node) => onChange({ ...group, parts: [...group.parts, part] });
  const first = fieldNames[0] ?? "name";
  return (
    <fieldset
      aria-labelledby={id}
      className={onRemove ? "min-w-0 rounded-md border border-line bg-sunken p-2" : "min-w-0"}
    >
      <legend className="sr-only" id={id}>
        {JOINTS.find(({ value }) => value === group.joint)?.label}
      </legend>
      <div className="flex items-center gap-2">
        <Select
          aria-label="How these are joined"
          className="w-48"
          value={group.joint}
          options={JOINTS}
          onValueChange={(value) =>
            onChange({ ...group, joint: JOINTS.find((each) => each.value === value)?.value ?? group.joint })
          }
        />
        {onRemove ? (
          <IconButton size="sm" label="Remove this group" onClick={onRemove} className="ml-auto">
            <X />
          </IconButton>
        ) : null}
      </div>
      <ul className="mt-2 flex flex-col gap-2">
        {group.parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other identity, and each draws what it is given
          <li key={index}>
            {isGroup(part) ? (
              <FilterGroup
                {...shared}
                group={part}
                onChange={(next) => setPart(index, next)}
                onRemove={() => remove(index)}
              />
            ) : (
              <ComparisonRow
                {...shared}
                comparison={part}
                onChange={(next) => setPart(index, next)}
                onRemove={() => remove(index)}
              />
            )}
          </li>
        ))}
      </ul>
      <div className="mt-2 flex gap-2">
        <Button size="sm" onClick={() => add(freshComparison(fields, first))}>
          <Plus />
          Condition
        </Button>
        <Button size="sm" look="ghost" onClick={() => add({ joint: "any", parts: [freshComparison(fields, first)] })}>
          <Plus />
          Group
        </Button>
      </div>
    </fieldset>
  );
}
