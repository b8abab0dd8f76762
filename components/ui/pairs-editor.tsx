/** A table of names and values to fill in: environments, image maps, tags. */
"use client";

import { Plus, X } from "lucide-react";
import { Button, IconButton } from "./button";
import { Input } from "./input";

export interface Pair {
  readonly id: number;
  readonly name: string;
  readonly value: string;
}

export const pairsOf = (record: { readonly [name: string]: string }): readonly Pair[] =>
  Object.entries(record).map(([name, value], id) => ({ id, name, value }));

/** Pairs with a name; a later one wins over an earlier one of the same name. */
export const recordOf = (pairs: readonly Pair[]): { readonly [name: string]: string } =>
  Object.fromEntries(pairs.flatMap(({ name, value }) => (name.trim() === "" ? [] : [[name.trim(), value]])));

export function PairsEditor({
  legend,
  hint,
  pairs,
  onChange,
  names,
  values,
  add,
  error,
}: {
  readonly legend: string;
  readonly hint?: string | undefined;
  readonly pairs: readonly Pair[];
  readonly onChange: (pairs: readonly Pair[]) => void;
  /** What the two columns hold. */
  readonly names: { readonly label: string; readonly example: string };
  readonly values: { readonly label: string; readonly example: string };
  readonly add: string;
  readonly error?: string | undefined;
}) {
  const set = (id: number, change: Partial<Pair>) =>
    onChange(pairs.map((pair) => (pair.id === id ? { ...pair, ...change } : pair)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="text-sm font-medium">{legend}</legend>
      {hint === undefined ? null : <p className="text-xs text-dim">{hint}</p>}
      {pairs.map((pair) => (
        <div key={pair.id} className="flex gap-2">
          <Input
            aria-label={names.label}
            placeholder={names.example}
            value={pair.name}
            className="font-mono text-xs"
            onChange={(event) => set(pair.id, { name: event.target.value })}
          />
          <Input
            aria-label={pair.name === "" ? values.label : `${values.label} of ${pair.name}`}
            placeholder={values.example}
            value={pair.value}
            className="font-mono text-xs"
            onChange={(event) => set(pair.id, { value: event.target.value })}
          />
          <IconButton
            label={`Remove ${pair.name || "this line"}`}
            onClick={() => onChange(pairs.filter((each) => each.id !== pair.id))}
          >
            <X />
          </IconButton>
        </div>
      ))}
      {error ? <p className="text-xs text-failed">{error}</p> : null}
      <Button
        size="sm"
        look="ghost"
        className="self-start"
        onClick={() => onChange([...pairs, { id: (pairs.at(-1)?.id ?? -1) + 1, name: "", value: "" }])}
      >
        <Plus />
        {add}
      </Button>
    </fieldset>
  );
}
