/** The runs that somebody has put aside to compare: kept in this browser, the same in every tab. */
"use client";

import { useMemo, useSyncExternalStore } from "react";
import { keep, listenToKept } from "@/components/ui/kept";
import { MOST_COMPARED } from "@/server/domain/views/compare";

const KEY = "penstock-compare";

const stored = (): string => localStorage.getItem(KEY) ?? "";

const idsIn = (text: string): readonly string[] => text.split(",").filter((id) => id !== "");

/** Replaces what is put aside. */
export const setTray = (ids: readonly string[]): void => keep(KEY, ids.slice(0, MOST_COMPARED).join(","));

/** Where these runs stand side by side. */
export const compareHref = (ids: readonly string[]): string =>
  ids.length === 0 ? "/compare" : `/compare?runs=${ids.join(",")}`;

/** Why a run cannot be put aside; undefined when it can. */
export const trayReason = (ids: readonly string[]): string | undefined =>
  ids.length < MOST_COMPARED ? undefined : `At most ${MOST_COMPARED} runs are compared at once. Take one out first.`;

/** The runs put aside, and how one is put in or taken out. */
export function useTray(): { readonly ids: readonly string[]; readonly toggle: (id: string) => void } {
  const text = useSyncExternalStore(listenToKept, stored, () => "");
  return useMemo(() => {
    const ids = idsIn(text);
    return {
      ids,
      toggle: (id) => setTray(ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id]),
    };
  }, [text]);
}
