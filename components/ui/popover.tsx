/** A small panel that belongs to a button. */
"use client";

import { Popover as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn";

export const Popover = Radix.Root;
export const PopoverTrigger = Radix.Trigger;

export function PopoverContent({ className, ...rest }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        align="start"
        sideOffset={4}
        collisionPadding={8}
        {...rest}
        className={cn(
          "z-50 animate-appear rounded-md border border-line bg-raised p-3 shadow-float outline-none",
          className,
        )}
      />
    </Radix.Portal>
  );
}
