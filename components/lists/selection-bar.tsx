/** The bar over selected rows: how many, what can be done with them, and what cannot and why. */
"use client";

import { X } from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { Button, IconButton } from "@/components/ui/button";

export interface BarAction {
  readonly label: string;
  readonly icon: ReactNode;
  readonly run: () => void;
  /** Why it does nothing to any of them. */
  readonly reason?: string | null | undefined;
}

/** The first row of the list that the bar is over, or the page where no row is left. */
function focusList(bar: HTMLElement): void {
  const place = bar.closest("main");
  (place?.querySelector<HTMLElement>("tbody [data-row] a") ?? place)?.focus({ preventScroll: true });
}

export function SelectionBar({
  status,
  before,
  actions,
  after,
  isBusy,
  onClear,
}: {
  /** How many are selected, or how far an action is. */
  readonly status: string;
  /** Before and after the actions. */
  readonly before?: ReactNode;
  readonly after?: ReactNode;
  readonly actions: readonly BarAction[];
  readonly isBusy: boolean;
  readonly onClear: () => void;
}) {
  const bar = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const own = bar.current;
    // The bar goes with the selection: whoever worked in it by keyboard stands on the list again, not at the top of the page.
    return () => {
      if (own?.contains(document.activeElement)) focusList(own);
    };
  }, []);
  return (
    <div
      ref={bar}
      className="sticky bottom-3 z-20 mx-auto flex w-fit max-w-full animate-appear flex-wrap items-center gap-1 rounded-lg border border-line-strong bg-raised px-2 py-1.5 shadow-float"
    >
      <span role="status" className="px-2 text-sm font-medium">
        {status}
      </span>
      {before}
      {actions.map(({ label, icon, run, reason }) => (
        <Button key={label} look="ghost" size="sm" busy={isBusy} reason={reason ?? undefined} onClick={run}>
          {icon}
          {label}
        </Button>
      ))}
      {after}
      <IconButton size="sm" label="Clear the selection" onClick={onClear}>
        <X />
      </IconButton>
    </div>
  );
}
