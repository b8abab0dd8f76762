/** Keyboard shortcuts: single keys, `mod+` combinations and `g r` sequences; never while someone types. */
"use client";

import { useEffect, useEffectEvent } from "react";

export type KeyMap = { readonly [keys: string]: (event: KeyboardEvent) => void };

const SETTING = "penstock-single-keys";
const SEQUENCE_MS = 900;

/** Single-letter keys can be switched off (WCAG 2.1.4). */
export const hasSingleKeys = (): boolean => localStorage.getItem(SETTING) !== "off";
export const setSingleKeys = (on: boolean): void => localStorage.setItem(SETTING, on ? "on" : "off");

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
}

const isInLayer = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("[role=dialog],[role=menu],[role=listbox]") !== null;

let leader = { key: "", at: 0 };

/** The name of a key press as key maps write it: `j`, `?`, `mod+k`, `esc`. */
function keyName(event: KeyboardEvent): string {
  const key = event.key === "Escape" ? "esc" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.metaKey || event.ctrlKey ? `mod+${key}` : key;
}

/** Listens while the component is on screen. `mod` is ⌘ or Ctrl; such keys also work in fields. */
export function useKeys(map: KeyMap, enabled = true): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const name = keyName(event);
    const withMod = name.startsWith("mod+");
    if (!withMod && (isTyping(event.target) || isInLayer(event.target))) return;
    if (!withMod && name.length === 1 && !hasSingleKeys()) return;
    const sequence = `${Date.now() - leader.at < SEQUENCE_MS ? leader.key : ""} ${name}`;
    if (name === "g") leader = { key: "g", at: Date.now() };
    const handler = map[sequence] ?? (sequence.startsWith(" ") ? map[name] : undefined);
    if (!handler) return;
    event.preventDefault();
    handler(event);
  });
  useEffect(() => {
    if (!enabled) return;
    const listen = (event: KeyboardEvent) => press(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [enabled]);
}
