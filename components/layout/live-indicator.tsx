/** Whether what is on screen is live: a dot with a word, louder when it is not. */
"use client";

import { useLiveState } from "@/components/trpc/live";
import type { LiveState } from "@/components/trpc/live-hub";
import { cn } from "@/components/ui/cn";
import { Tooltip } from "@/components/ui/tooltip";

const LOOKS: { readonly [state in LiveState]: { readonly word: string; readonly dot: string; readonly hint: string } } =
  {
    connecting: { word: "connecting", dot: "bg-skipped", hint: "Opening the stream of changes." },
    live: { word: "live", dot: "bg-succeeded", hint: "Changes appear by themselves." },
    reconnecting: {
      word: "reconnecting",
      dot: "bg-queued",
      hint: "The stream broke. What you see may be old until it is back.",
    },
  };

export function LiveIndicator() {
  const { word, dot, hint } = LOOKS[useLiveState()];
  return (
    <Tooltip content={hint} side="bottom">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the hint has to be reachable by keyboard */}
      <span tabIndex={0} role="status" className="flex h-7 items-center gap-1.5 rounded-md px-1.5 text-xs text-dim">
        <span aria-hidden className={cn("size-2 rounded-full", dot)} />
        <span className={word === "live" ? "max-md:sr-only" : undefined}>{word}</span>
      </span>
    </Tooltip>
  );
}
