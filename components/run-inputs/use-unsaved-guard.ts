/** Asks before the tab is closed on unsent values. */
import { useEffect, useRef } from "react";

/** `isUnsaved` is asked when the tab is about to close. */
export function useUnsavedGuard(isUnsaved: () => boolean): void {
  const check = useRef(isUnsaved);
  useEffect(() => {
    check.current = isUnsaved;
  });
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (check.current()) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
}
