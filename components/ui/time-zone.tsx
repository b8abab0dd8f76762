/** The one time zone that every time on the page is told in: the browser's, UTC, or a chosen one. */
"use client";

import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from "react";
import { keep, listenToKept } from "./kept";

const KEY = "penstock-time-zone";

interface TimeZone {
  /** `local`, or an IANA name. */
  readonly choice: string;
  /** For Intl: undefined means the browser's own. */
  readonly zone: string | undefined;
  readonly choose: (choice: string) => void;
}

const Context = createContext<TimeZone>({ choice: "UTC", zone: "UTC", choose: () => {} });

const choose = (choice: string): void => keep(KEY, choice);

function isKnownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export function TimeZoneProvider({ children }: { readonly children: ReactNode }) {
  const stored = useSyncExternalStore(
    listenToKept,
    () => localStorage.getItem(KEY) ?? "local",
    () => "UTC",
  );
  const value = useMemo<TimeZone>(() => {
    const choice = stored === "local" || isKnownZone(stored) ? stored : "local";
    return { choice, zone: choice === "local" ? undefined : choice, choose };
  }, [stored]);
  return <Context value={value}>{children}</Context>;
}

export const useTimeZone = (): TimeZone => useContext(Context);
