/** Whether the screen is a phone's: panels become pages there. */
import { useSyncExternalStore } from "react";

const QUERY = "(max-width: 767px)";

function listen(listener: () => void): () => void {
  const media = window.matchMedia(QUERY);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}

export const useNarrow = (): boolean =>
  useSyncExternalStore(
    listen,
    () => window.matchMedia(QUERY).matches,
    () => false,
  );
