/** The filter of a list, built by parts or written as text; both show the same tree, and how many rows it leaves. */
"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { comparisonProblem, type FieldSet } from "@/server/domain/lists/fields";
import { comparisonsOf, type Filter } from "@/server/domain/lists/filter";
import { filterText, readFilterText } from "@/server/domain/lists/filter-text";
import type { Suggest } from "./comparison-row";
import { FilterGroup } from "./filter-group";
import { filterOf, freshComparison, type Group, rootOf } from "./filter-tree";

export interface FilterDialogProps {
  readonly fields: FieldSet;
  /** Fields to offer, those of families with their names. */
  readonly fieldNames: readonly string[];
  readonly useSuggestions: Suggest;
  /** How many rows a filter leaves, in words; a hook. */
  readonly useCount: (filter: Filter | null) => string | null;
  readonly filter: Filter | null;
  readonly onApply: (filter: Filter | null) => void;
  readonly onClose: () => void;
}

export function FilterDialog(props: FilterDialogProps) {
  const { fields, fieldNames, filter, onApply, onClose } = props;
  const [root, setRoot] = useState<Group>(() => {
    const given = rootOf(filter);
    return given.parts.length > 0 ? given : { ...given, parts: [freshComparison(fields, fieldNames[0] ?? "name")] };
  });
  // What is written and cannot be read yet; null while the text follows the tree.
  const [draft, setDraft] = useState<string | null>(null);
  const built = filterOf(root);
  const text = draft ?? (built === null ? "" : filterText(built));
  const reading = draft === null ? null : readFilterText(fields, draft);
  const isBuilt = built === null || comparisonsOf(built).every((each) => comparisonProblem(fields, each) === null);
  const count = props.useCount(isBuilt ? built : null);
  const textProblem = reading?.ok === false ? reading.problem : null;
  const apply = () => {
    onApply(built);
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title="Filter"
        className="max-w-2xl"
        footer={
          <>
            <span role="status" className="mr-auto self-center text-xs text-dim">
              {textProblem === null && isBuilt ? count : null}
            </span>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button
              look="primary"
              onClick={apply}
              reason={
                textProblem !== null ? "The text cannot be read" : isBuilt ? undefined : "A condition is not whole"
              }
            >
              Apply
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          <FilterGroup
            fields={fields}
            fieldNames={fieldNames}
            useSuggestions={props.useSuggestions}
            group={root}
            onChange={(next) => {
              setRoot(next);
              setDraft(null);
            }}
          />
          <Field
            id="filter-text"
            label="As text"
            hint='state = failed and (param.lr > 0.01 or not tag.team = "a b")'
            error={textProblem === null ? undefined : `At character ${textProblem.at + 1}: ${textProblem.message}`}
          >
            {(control) => (
              <Textarea
                {...control}
                className="font-mono"
                value={text}
                onChange={(event) => {
                  const written = event.target.value;
                  const read = readFilterText(fields, written);
                  setDraft(written);
                  if (read.ok) setRoot(rootOf(read.filter));
                }}
                onKeyDown={(event) => {
                  if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && textProblem === null && isBuilt)
                    apply();
                }}
              />
            )}
          </Field>
        </div>
      </DialogContent>
    </Dialog>
  );
}
