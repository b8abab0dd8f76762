/** The tab's picture shows the state of the run in view; it goes back to the product's mark on leaving. */
import { useEffect } from "react";
import type { RunState } from "@/server/domain/states";

/** Simple enough to read at 16 pixels; colours stand against light and dark tab bars. */
const PICTURES: { readonly [state in RunState]: string } = {
  pending: '<circle cx="8" cy="8" r="6" fill="none" stroke="#7d8997" stroke-width="2" stroke-dasharray="2 2.7"/>',
  running:
    '<circle cx="8" cy="8" r="6" fill="none" stroke="#2f6fe0" stroke-opacity=".35" stroke-width="2.6"/><path d="M8 2a6 6 0 0 1 6 6" fill="none" stroke="#2f6fe0" stroke-width="2.6" stroke-linecap="round"/><circle cx="8" cy="8" r="2.2" fill="#2f6fe0"/>',
  canceling:
    '<circle cx="8" cy="8" r="6" fill="none" stroke="#93857a" stroke-width="2.4"/><path d="m4 12 8-8" stroke="#93857a" stroke-width="2.4"/>',
  succeeded:
    '<circle cx="8" cy="8" r="7" fill="#128a66"/><path d="m4.8 8.3 2.2 2.2 4.3-4.6" fill="none" stroke="#fff" stroke-width="2"/>',
  failed:
    '<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="#d23f0f"/><path d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2" stroke="#fff" stroke-width="2"/>',
  canceled:
    '<circle cx="8" cy="8" r="6" fill="none" stroke="#93857a" stroke-width="2.4"/><path d="m4 12 8-8" stroke="#93857a" stroke-width="2.4"/>',
};

const picture = (state: RunState): string =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${PICTURES[state]}</svg>`)}`;

export function useStateFavicon(state: RunState | undefined): void {
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (link === null || state === undefined) return;
    const before = link.href;
    link.href = picture(state);
    return () => {
      link.href = before;
    };
  }, [state]);
}
