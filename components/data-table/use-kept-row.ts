/** Keeps the focus in the list when the row that had it goes: the row that comes into its place gets it, else the page. */
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";

const rowOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;

/** `ids` are those of the rows shown, in their order. */
export function useKeptRow(body: RefObject<HTMLTableSectionElement | null>, ids: readonly string[]): void {
  const held = useRef<{ readonly id: string; readonly index: number } | null>(null);
  const shown = useRef(ids);
  useEffect(() => {
    const node = body.current;
    if (node === null) return;
    const take = (event: FocusEvent) => {
      const id = rowOf(event.target)?.dataset.row;
      held.current = id === undefined ? null : { id, index: shown.current.indexOf(id) };
    };
    const leave = ({ target }: FocusEvent) => {
      // What is taken away loses the focus too; only who goes elsewhere lets go of the row.
      queueMicrotask(() => {
        if (target instanceof Node && target.isConnected && !node.contains(document.activeElement)) held.current = null;
      });
    };
    node.addEventListener("focusin", take);
    node.addEventListener("focusout", leave);
    return () => {
      node.removeEventListener("focusin", take);
      node.removeEventListener("focusout", leave);
    };
  }, [body]);
  const key = ids.join();
  useLayoutEffect(() => {
    shown.current = key === "" ? [] : key.split(",");
    const { current } = held;
    if (current === null) return;
    const index = shown.current.indexOf(current.id);
    if (index >= 0) held.current = { id: current.id, index };
    else if (document.activeElement === document.body) {
      const rows = body.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [];
      const next = rows[Math.min(current.index, rows.length - 1)]?.querySelector<HTMLElement>("a");
      (next ?? document.getElementById("main"))?.focus({ preventScroll: true });
    }
  }, [body, key]);
}
