/** Reads again what is on screen when something changes: the first time at once, then at most a few times a second. */
"use client";

import { type QueryFilters, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useChanges } from "./live";

const PAUSE_MS = 400;

/** Invalidates the matching queries whenever one of the topics changes. */
export function useRefresh(topics: readonly string[], filters: readonly QueryFilters[], pauseMs = PAUSE_MS): void {
  const queryClient = useQueryClient();
  const pending = useRef<{ timer: ReturnType<typeof setTimeout> | undefined; again: boolean }>({
    timer: undefined,
    again: false,
  });
  const refresh = () => {
    for (const filter of filters) void queryClient.invalidateQueries(filter);
  };
  const settle = () => {
    const { again } = pending.current;
    pending.current = { timer: undefined, again: false };
    if (again) soon();
  };
  function soon() {
    if (pending.current.timer !== undefined) {
      pending.current.again = true;
      return;
    }
    refresh();
    pending.current.timer = setTimeout(settle, pauseMs);
  }
  useChanges(topics, soon);
  useEffect(() => {
    const held = pending.current;
    return () => clearTimeout(held.timer);
  }, []);
}
