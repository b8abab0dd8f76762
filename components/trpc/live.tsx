/** Live changes for components: `useChanges(topics, handler)` and the visible state of the stream. */
"use client";

import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
} from "react";
import type { ChangeView } from "@/server/domain/views/changes";
import { openChanges } from "./change-stream";
import { LiveHub, type LiveState } from "./live-hub";

const Context = createContext<LiveHub | null>(null);

export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const queryClient = useQueryClient();
  const [hub, setHub] = useState<LiveHub | null>(null);
  const [life, setLife] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new life is a new hub
  useEffect(() => {
    const canShare = "locks" in navigator && "BroadcastChannel" in window;
    const leaving = new AbortController();
    const created = new LiveHub({
      open: openChanges,
      channel: canShare ? new BroadcastChannel("penstock-live") : null,
      lead: canShare
        ? (whileLeading) => {
            navigator.locks.request("penstock-live", { signal: leaving.signal }, whileLeading).catch(() => undefined);
          }
        : null,
      onGap: () => void queryClient.invalidateQueries(),
    });
    created.start();
    setHub(created);
    const leave = () => created.stop();
    // A page that comes back from the browser's memory was stopped on its way there.
    const comeBack = (event: PageTransitionEvent) => {
      if (event.persisted) setLife((before) => before + 1);
    };
    window.addEventListener("pagehide", leave);
    window.addEventListener("pageshow", comeBack);
    return () => {
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("pageshow", comeBack);
      leaving.abort();
      created.stop();
    };
  }, [queryClient, life]);

  return <Context value={hub}>{children}</Context>;
}

/** Calls `handler` for every change of these topics while the component is on screen, and for every `reset`. */
export function useChanges(topics: readonly string[], handler: (change: ChangeView) => void): void {
  const hub = useContext(Context);
  const onChange = useEffectEvent(handler);
  const key = topics.join(" ");
  useEffect(() => {
    if (hub === null || key === "") return;
    return hub.watch(key.split(" "), (change) => onChange(change));
  }, [hub, key]);
}

const never = () => () => {};
const connecting = (): LiveState => "connecting";

/** Whether changes arrive. */
export function useLiveState(): LiveState {
  const hub = useContext(Context);
  return useSyncExternalStore(hub?.onState ?? never, hub?.state ?? connecting, connecting);
}
