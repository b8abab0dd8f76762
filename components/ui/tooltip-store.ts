/** Which one tooltip of the page is shown: after a moment of rest, at once beside one that was just read. */
import type { ReactNode } from "react";

type Side = "top" | "right" | "bottom" | "left";

interface Tip {
  readonly id: string;
  readonly anchor: Element;
  readonly content: ReactNode;
  readonly side: Side;
}

const REST_MS = 350;
/** So long after a tooltip went the next one needs no rest. */
const STILL_READING_MS = 200;
/** Time to move the pointer from a control into its tooltip. */
const GRACE_MS = 120;

let shown: Tip | null = null;
let goneAt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function show(next: Tip | null): void {
  clearTimeout(timer);
  if (shown !== null && next === null) goneAt = Date.now();
  shown = next;
  for (const listener of listeners) listener();
}

/** Shows the tooltip: at once for the keyboard, after a rest for the pointer. */
export function wantTip(tip: Tip, by: "pointer" | "keyboard"): void {
  clearTimeout(timer);
  if (by === "keyboard" || shown !== null || Date.now() - goneAt < STILL_READING_MS) show(tip);
  else timer = setTimeout(() => show(tip), REST_MS);
}

/** The pointer left: the tooltip goes unless the pointer is in it before long. */
export function leaveTip(): void {
  clearTimeout(timer);
  if (shown !== null) timer = setTimeout(() => show(null), GRACE_MS);
}

/** The pointer is in the tooltip, which stays. */
export const stayInTip = (): void => clearTimeout(timer);

export function dropTip(): void {
  clearTimeout(timer);
  if (shown !== null) show(null);
}

let isPressed = false;

/** A control is pressed: its tooltip goes, and the focus that comes of the press brings none. */
export function pressTip(): void {
  isPressed = true;
  window.addEventListener("pointerup", endPress, { once: true, capture: true });
  window.addEventListener("pointercancel", endPress, { once: true, capture: true });
  dropTip();
}
const endPress = (): void => {
  isPressed = false;
};

export const isTipPressed = (): boolean => isPressed;

/** What the shown tooltip says has changed. */
export function retell(id: string, content: ReactNode): void {
  if (shown?.id === id && shown.content !== content) show({ ...shown, content });
}

export const shownTip = (): Tip | null => shown;

export function listenToTip(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export type { Side, Tip };
