/** The bar over selected rows: how many, what can be done with them, and what cannot and why. */
"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton } from "@/components/ui/button";

export interface BarAction {
  readonly label: string;
  readonly icon: ReactNode;
  readonly run: () => void;
  /** Why it does nothing to any of them. */
  readonly reason?: string | undefined;
}

export function SelectionBar({
  count,
  actions,
  isBusy,
  onClear,
}: {
  readonly count: number;
  readonly actions: readonly BarAction[];
  readonly isBusy: boolean;
  readonly onClear: () => void;
}) {
  if (count === 0) return null;
  return (
    <div className="sticky bottom-3 z-20 mx-auto flex w-fit max-w-full animate-appear flex-wrap items-center gap-1 rounded-lg border border-line-strong bg-raised px-2 py-1.5 shadow-float">
      <span role="status" className="px-2 text-sm font-medium">
        {count} selected
      </span>
      {actions.map(({ label, icon, run, reason }) => (
        <Button key={label} look="ghost" size="sm" busy={isBusy} reason={reason} onClick={run}>
          {icon}
          {label}
        </Button>
      ))}
      <IconButton size="sm" label="Clear the selection" onClick={onClear}>
        <X />
      </IconButton>
    </div>
  );
}
