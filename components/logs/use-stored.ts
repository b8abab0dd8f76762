/** A reader's choice that is kept in this browser and shared by everything that shows it. */
import { useCallback, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

function listen(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** The stored choice if it is one of `choices`, else the first of them. */
export function useStored<T extends string>(
  key: string,
  choices: readonly [T, ...T[]],
): readonly [T, (value: T) => void] {
  const stored = useSyncExternalStore(
    listen,
    () => localStorage.getItem(key),
    () => null,
  );
  const choose = useCallback(
    (value: T) => {
      localStorage.setItem(key, value);
      for (const listener of listeners) listener();
    },
    [key],
  );
  return [choices.find((choice) => choice === stored) ?? choices[0], choose];
}
