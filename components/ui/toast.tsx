/** Short messages that come and go at the corner, with at most one action such as *Undo*. */
"use client";

import { CircleAlert, CircleCheck, X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { type ReactNode, useSyncExternalStore } from "react";
import { buttonClass } from "./button";
import { cn } from "./cn";

interface Message {
  readonly title: string;
  readonly description?: ReactNode;
  readonly tone?: "done" | "error";
  readonly action?: { readonly label: string; readonly run: () => void };
}

type Shown = Message & { readonly id: number };

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

export function Toaster() {
  const messages = useSyncExternalStore(
    listen,
    () => shown,
    () => none,
  );
  return (
    <Radix.Provider swipeDirection="right" label="Message">
      {messages.map((message) => (
        <Radix.Root
          key={message.id}
          duration={message.action || message.tone === "error" ? 10_000 : 4000}
          onOpenChange={(open) => {
            if (!open) dismiss(message.id);
          }}
          className="flex animate-slide-in items-start gap-3 rounded-md border border-line bg-raised p-3 shadow-float data-[swipe=move]:translate-x-(--radix-toast-swipe-move-x)"
        >
          {message.tone === "error" ? (
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-failed" />
          ) : (
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-succeeded" />
          )}
          <div className="min-w-0 flex-1">
            <Radix.Title className="text-sm font-medium">{message.title}</Radix.Title>
            {message.description ? (
              <Radix.Description asChild>
                <div className="text-xs break-words text-dim">{message.description}</div>
              </Radix.Description>
            ) : null}
          </div>
          {message.action ? (
            <Radix.Action
              altText={message.action.label}
              onClick={message.action.run}
              className={buttonClass("secondary", "sm")}
            >
              {message.action.label}
            </Radix.Action>
          ) : null}
          <Radix.Close aria-label="Dismiss" className={buttonClass("ghost", "sm", cn("w-7 px-0"))}>
            <X />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className="fixed right-4 bottom-10 z-70 flex w-88 max-w-[calc(100vw-2rem)] flex-col gap-2 outline-none max-md:bottom-20" />
    </Radix.Provider>
  );
}
