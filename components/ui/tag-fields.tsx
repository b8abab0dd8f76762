/** Tags as rows of a name and a value, for every form that has some. */
"use client";

import { type Pair, PairsEditor, recordOf } from "./pairs-editor";

/** What the rows say; one without a name says nothing. */
export const tagsOf = (rows: readonly Pair[]): { [name: string]: string } =>
  Object.fromEntries(Object.entries(recordOf(rows)).map(([name, value]) => [name, value.trim()]));

export function TagFields({
  rows,
  onChange,
  hint,
}: {
  readonly rows: readonly Pair[];
  readonly onChange: (rows: readonly Pair[]) => void;
  readonly hint?: string;
}) {
  return (
    <PairsEditor
      legend="Tags"
      hint={hint}
      pairs={rows}
      onChange={onChange}
      names={{ label: "Tag name", example: "team" }}
      values={{ label: "Tag value", example: "growth" }}
      add="Add a tag"
    />
  );
}
