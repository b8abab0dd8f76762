/** A reader's choice that is kept in this browser and shared by everything that shows it. */
import { useCallback, useSyncExternalStore } from "react";
import { keep, listenToKept } from "@/components/ui/kept";

/** The stored choice if it is one of `choices`, else the first of them. */
export function useStored<T extends string>(
  key: string,
  choices: readonly [T, ...T[]],
): readonly [T, (value: T) => void] {
  const stored = useSyncExternalStore(
    listenToKept,
    () => localStorage.getItem(key),
    () => null,
  );
  const choose = useCallback((value: T) => keep(key, value), [key]);
  return [choices.find((choice) => choice === stored) ?? choices[0], choose];
}
