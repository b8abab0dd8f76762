/** A short word about a control, on hover and on focus. */
"use client";

import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";

export const TooltipProvider = Radix.Provider;

export function Tooltip({
  content,
  children,
  side = "top",
}: {
  readonly content: ReactNode;
  /** One element that takes a ref and can be focused. */
  readonly children: ReactNode;
  readonly side?: "top" | "right" | "bottom" | "left";
}) {
  if (content === null || content === undefined || content === "") return children;
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-60 max-w-80 animate-appear rounded-md bg-ink px-2 py-1 text-xs text-surface shadow-float"
        >
          {content}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
