/** Tags as rows of a name and a value, for every form that has some. */
"use client";

import { Plus, X } from "lucide-react";
import { Button, IconButton } from "./button";
import { Input } from "./input";

export interface TagRow {
  readonly id: number;
  readonly key: string;
  readonly value: string;
}

export const tagRows = (tags: { readonly [name: string]: string }): readonly TagRow[] =>
  Object.entries(tags).map(([key, value], id) => ({ id, key, value }));

/** What the rows say; one without a name says nothing. */
export const tagsOf = (rows: readonly TagRow[]): { [name: string]: string } =>
  Object.fromEntries(rows.filter(({ key }) => key.trim() !== "").map(({ key, value }) => [key.trim(), value.trim()]));

export function TagFields({
  rows,
  onChange,
}: {
  readonly rows: readonly TagRow[];
  readonly onChange: (rows: readonly TagRow[]) => void;
}) {
  const set = (id: number, change: Partial<TagRow>) =>
    onChange(rows.map((tag) => (tag.id === id ? { ...tag, ...change } : tag)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">Tags</legend>
      {rows.map((tag) => (
        <div key={tag.id} className="flex gap-2">
          <Input
            aria-label="Tag name"
            placeholder="team"
            value={tag.key}
            onChange={(event) => set(tag.id, { key: event.target.value })}
          />
          <Input
            aria-label="Tag value"
            placeholder="growth"
            value={tag.value}
            onChange={(event) => set(tag.id, { value: event.target.value })}
          />
          <IconButton
            label={`Remove the tag ${tag.key}`}
            onClick={() => onChange(rows.filter((each) => each.id !== tag.id))}
          >
            <X />
          </IconButton>
        </div>
      ))}
      <Button
        size="sm"
        look="ghost"
        className="self-start"
        onClick={() => onChange([...rows, { id: (rows.at(-1)?.id ?? -1) + 1, key: "", value: "" }])}
      >
        <Plus />
        Add a tag
      </Button>
    </fieldset>
  );
}
