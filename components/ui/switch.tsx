/** A thing that is on or off at once. */
"use client";

import { Switch as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn";

export function Switch({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root {...rest} className={cn("group inline-flex h-6 w-9 shrink-0 items-center rounded-full", className)}>
      <span className="flex h-5 w-9 items-center rounded-full border border-line-control bg-sunken px-0.5 transition-colors group-data-[state=checked]:border-accent group-data-[state=checked]:bg-accent">
        <Radix.Thumb className="size-3.5 rounded-full bg-line-control transition-transform duration-120 group-data-[state=checked]:translate-x-4 group-data-[state=checked]:bg-on-accent" />
      </span>
    </Radix.Root>
  );
}
