/** How long something took, or has taken so far: counts on by itself until it has an end. */
"use client";

import { useNow } from "./clock";
import { cn } from "./cn";
import { formatDuration, formatElapsed } from "./format-time";

export function Duration({
  from,
  to,
  className,
}: {
  /** ISO time; null shows a dash. */
  readonly from: string | null;
  readonly to: string | null;
  readonly className?: string;
}) {
  const look = cn("whitespace-nowrap font-mono text-xs", className);
  if (from === null) return <span className={cn(look, "text-faint")}>–</span>;
  if (to === null) return <Elapsed fromMs={Date.parse(from)} className={look} />;
  return <span className={look}>{formatDuration(Date.parse(to) - Date.parse(from))}</span>;
}

function Elapsed({ fromMs, className }: { readonly fromMs: number; readonly className: string }) {
  const now = useNow();
  return <span className={className}>{now === 0 ? "…" : formatElapsed(now - fromMs)}</span>;
}
