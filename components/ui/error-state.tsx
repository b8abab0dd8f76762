/** A part of a page that could not be read: what happened, and a way to try again. */
"use client";

import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";

export function ErrorState({
  title = "This could not be loaded",
  message,
  onRetry,
  actions,
  className,
}: {
  /** Null where a heading has said it already. */
  readonly title?: string | null;
  readonly message: string;
  readonly onRetry?: () => void;
  readonly actions?: ReactNode;
  readonly className?: string;
}) {
  return (
    <div
      role="alert"
      className={cn("flex items-start gap-3 rounded-md border border-line bg-failed-soft px-4 py-3", className)}
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-failed" />
      <div className="min-w-0 flex-1">
        {title === null ? null : <p className="text-sm font-medium">{title}</p>}
        <p className="text-sm break-words text-dim">{message}</p>
        {onRetry || actions ? (
          <div className="mt-2 flex flex-wrap gap-2">
            {onRetry ? (
              <Button size="sm" onClick={onRetry}>
                Try again
              </Button>
            ) : null}
            {actions}
          </div>
        ) : null}
      </div>
    </div>
  );
}
