/** A box that is on, off or mixed; its target is 24 px though it looks smaller. */
"use client";

import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn";

export function Checkbox({ className, checked, ...rest }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      {...rest}
      {...(checked === undefined ? {} : { checked })}
      className={cn("group inline-grid align-top size-6 shrink-0 place-items-center rounded-sm", className)}
    >
      <span className="grid size-4 place-items-center rounded-sm border border-line-control bg-surface text-on-accent group-hover:border-dim group-data-[state=checked]:border-accent group-data-[state=checked]:bg-accent group-data-[state=indeterminate]:border-accent group-data-[state=indeterminate]:bg-accent">
        <Radix.Indicator>
          {checked === "indeterminate" ? (
            <Minus className="size-3" strokeWidth={3} />
          ) : (
            <Check className="size-3" strokeWidth={3} />
          )}
        </Radix.Indicator>
      </span>
    </Radix.Root>
  );
}
