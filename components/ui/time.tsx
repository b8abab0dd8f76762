/** A moment: relative words with the exact time on hover and focus, or the exact time itself. */
"use client";

import { useNow } from "./clock";
import { cn } from "./cn";
import { formatInstant, formatRelative } from "./format-time";
import { useTimeZone } from "./time-zone";
import { Tooltip } from "./tooltip";

/** The exact time, in the page's zone. */
export function Time({ at, className }: { readonly at: string; readonly className?: string }) {
  const { zone } = useTimeZone();
  return (
    <time dateTime={at} suppressHydrationWarning className={cn("whitespace-nowrap", className)}>
      {formatInstant(Date.parse(at), zone)}
    </time>
  );
}

/** `4m ago`; over a week the date. */
export function RelativeTime({ at, className }: { readonly at: string; readonly className?: string }) {
  const now = useNow();
  const { zone } = useTimeZone();
  const atMs = Date.parse(at);
  const exact = formatInstant(atMs, zone);
  const text = (now === 0 ? null : formatRelative(atMs, now)) ?? exact.slice(0, 16);
  return (
    <Tooltip content={exact}>
      <time dateTime={at} suppressHydrationWarning className={cn("whitespace-nowrap", className)}>
        {text}
      </time>
    </Tooltip>
  );
}
