/** A box that is on, off or mixed: the browser's own, drawn our way; its target is 24 px though it looks smaller. */
"use client";

import { Check, Minus } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";

interface CheckboxProps extends Omit<ComponentProps<"input">, "checked" | "type" | "onChange"> {
  readonly checked: boolean | "indeterminate";
  readonly onCheckedChange?: (checked: boolean) => void;
}

export function Checkbox({ className, checked, onCheckedChange, ...rest }: CheckboxProps) {
  const isMixed = checked === "indeterminate";
  const Mark = isMixed ? Minus : Check;
  return (
    <span className={cn("relative inline-grid size-6 shrink-0 place-items-center align-top", className)}>
      <input
        {...rest}
        type="checkbox"
        checked={checked === true}
        ref={(input) => {
          if (input) input.indeterminate = isMixed;
        }}
        onChange={(event) => onCheckedChange?.(event.target.checked)}
        className="peer absolute inset-0 size-6 cursor-pointer appearance-none rounded-sm"
      />
      <span
        aria-hidden
        className="pointer-events-none grid size-4 place-items-center rounded-sm border border-line-control bg-surface text-on-accent peer-checked:border-accent peer-checked:bg-accent peer-indeterminate:border-accent peer-indeterminate:bg-accent peer-hover:peer-not-checked:border-dim"
      >
        {checked ? <Mark className="size-3" strokeWidth={3} /> : null}
      </span>
    </span>
  );
}
