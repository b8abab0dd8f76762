/** Walking and selecting rows: by keys on the row that has the focus, and by ranges from the one toggled last. */
import { type RefObject, useRef } from "react";
import { useKeys } from "@/components/keys/use-keys";
import type { Selection } from "./columns";
import { rangeOf } from "./range-of";
import { focusedRowId, focusRow } from "./row-focus";

/** `toggle` selects a row or takes it back, with everything between it and the last one when `withRange`. */
export function useRowKeys(
  body: RefObject<HTMLTableSectionElement | null>,
  ids: readonly string[],
  selection: Selection | undefined,
): { readonly toggle: (id: string, withRange: boolean) => void } {
  const lastToggled = useRef<string | null>(null);
  const toggle = (id: string, withRange: boolean) => {
    if (!selection) return;
    const on = !selection.selected.has(id);
    const next = new Set(selection.selected);
    for (const each of withRange ? rangeOf(ids, lastToggled.current, id) : [id])
      on ? next.add(each) : next.delete(each);
    lastToggled.current = id;
    selection.onChange(next);
  };
  useKeys({
    j: () => focusRow(body.current, 1),
    k: () => focusRow(body.current, -1),
    x: (event) => {
      const id = focusedRowId(body.current);
      if (id !== null) toggle(id, event.shiftKey);
    },
  });
  return { toggle };
}
