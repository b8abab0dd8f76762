/** Where the focus goes when a window closes: back to what opened it, and to the page where that is gone. */
import { useRef } from "react";

/** What opened a window: an entry of a menu is gone by then, and its button stands for it. */
function openerOf(held: Element | null): Element | null {
  const button = held?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  return button ? document.getElementById(button) : held;
}

/** Gives the focus to an element that is still there, else to the page, so that nobody has it never. */
export function giveFocus(wanted: Element | null): void {
  const isThere = wanted instanceof HTMLElement && wanted.isConnected && wanted !== document.body;
  (isThere ? wanted : document.getElementById("main"))?.focus({ preventScroll: !isThere });
}

/** Handlers for the content of a window; most windows are opened by state, without a trigger that the library knows. */
export function useFocusReturn() {
  const cameFrom = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      cameFrom.current = openerOf(document.activeElement);
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      giveFocus(cameFrom.current);
    },
  };
}
