/** The page's idea of now: the server's clock, ticking once a second for everyone who shows elapsed time. */
"use client";

import { useSyncExternalStore } from "react";

let offsetMs = 0;
let now = 0;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function tick() {
  now = Date.now() + offsetMs;
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now() + offsetMs;
    timer = setInterval(tick, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const read = () => {
  if (now === 0) now = Date.now() + offsetMs;
  return now;
};
/** On the server there is no now: what depends on it is drawn in the browser. */
const unknown = () => 0;

/** Tells the clock what time the server had just now, so that a skewed client never shows negative durations. */
export function setServerNow(iso: string): void {
  offsetMs = Date.parse(iso) - Date.now();
}

/** The server's time in milliseconds, renewed each second; 0 until the page is alive. */
export function useNow(): number {
  return useSyncExternalStore(listen, read, unknown);
}

/** The server's time in milliseconds at this moment, for what happens between two ticks. */
export const serverNow = (): number => Date.now() + offsetMs;
