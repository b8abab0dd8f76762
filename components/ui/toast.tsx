/** Short messages that come and go at the corner, with at most one action such as *Undo*. They are part of the page, because they also say that a part did not arrive. */
"use client";

import { CircleAlert, CircleCheck, X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useKeys } from "@/components/keys/use-keys";
import { buttonClass } from "./button";
import { giveFocus } from "./use-focus-return";

interface Message {
  readonly title: string;
  readonly description?: ReactNode;
  readonly tone?: "done" | "error";
  readonly action?: { readonly label: string; readonly run: () => void };
}

type Shown = Message & { readonly id: number };

const BRIEF_MS = 4000;
/** For errors and for what offers an action. */
const LONG_MS = 10_000;

let shown: readonly Shown[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function change(next: readonly Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** Shows a message; errors and messages with an action stay longer. */
export function toast(message: Message): void {
  change([...shown.slice(-3), { ...message, id: nextId++ }]);
}

const dismiss = (id: number) => change(shown.filter((each) => each.id !== id));
const none: readonly Shown[] = [];

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The messages; none goes while the pointer or the focus is on them, and F8 brings the focus there. */
export function Toaster() {
  const messages = useSyncExternalStore(
    listen,
    () => shown,
    () => none,
  );
  const list = useRef<HTMLOListElement>(null);
  const [isHeld, setHeld] = useState(false);
  const focusMessages = () => list.current?.focus();
  useKeys({ F8: focusMessages }, messages.length > 0);
  // A message that goes takes the focus and the pointer with it, without saying so.
  if (isHeld && messages.length === 0) setHeld(false);
  const cameFrom = useRef<Element | null>(null);
  /** What is done with a message ends it: whoever did it by keys is where they were before. */
  const leave = () => giveFocus(cameFrom.current);
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    <ol
      ref={list}
      data-over
      tabIndex={-1}
      aria-label="Messages"
      aria-live="polite"
      aria-relevant="additions"
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) cameFrom.current = event.relatedTarget;
        hold();
      }}
      onBlur={release}
      className="pointer-events-auto fixed right-4 bottom-10 z-70 flex w-88 max-w-[calc(100vw-2rem)] flex-col gap-2 rounded-md max-md:bottom-20"
    >
      {messages.map((message) => (
        <ToastItem key={message.id} message={message} isHeld={isHeld} onLeave={leave} />
      ))}
    </ol>
  );
}

function ToastItem({
  message,
  isHeld,
  onLeave,
}: {
  readonly message: Shown;
  readonly isHeld: boolean;
  readonly onLeave: () => void;
}) {
  const { id, title, description, tone, action } = message;
  const close = () => {
    onLeave();
    dismiss(id);
  };
  const stayMs = action || tone === "error" ? LONG_MS : BRIEF_MS;
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => dismiss(id), stayMs);
    return () => clearTimeout(timer);
  }, [id, stayMs, isHeld]);
  return (
    <li className="flex animate-slide-in items-start gap-3 rounded-md border border-line bg-raised p-3 shadow-float">
      {tone === "error" ? (
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-failed" />
      ) : (
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-succeeded" />
      )}
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium">{title}</p>
        {description ? <div className="text-xs break-words text-dim">{description}</div> : null}
      </div>
      {action ? (
        <button
          type="button"
          onClick={() => {
            action.run();
            close();
          }}
          className={buttonClass("secondary", "sm")}
        >
          {action.label}
        </button>
      ) : null}
      <button type="button" aria-label="Dismiss" onClick={close} className={buttonClass("ghost", "sm", "w-7 px-0")}>
        <X />
      </button>
    </li>
  );
}
