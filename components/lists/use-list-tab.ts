/** The open tab of a page that holds lists. What was set up for one list means nothing to the next: it goes with its tab. */
import { parseAsStringLiteral, useQueryState } from "nuqs";

/** The tab in the address, and how to open another; the first one stands in no address. */
export function useListTab<Tab extends string>(tabs: readonly [Tab, ...Tab[]]): [Tab, (next: string) => void] {
  const [usual] = tabs;
  const [tab] = useQueryState("tab", parseAsStringLiteral(tabs));
  const open = (next: string) => {
    const { pathname, search } = window.location;
    // A press and the focus that follows it both ask for the tab: one step back has to lead out of it.
    if ((new URLSearchParams(search).get("tab") ?? usual) === next) return;
    window.history.pushState(null, "", next === usual ? pathname : `${pathname}?tab=${next}`);
  };
  return [tab ?? usual, open];
}
