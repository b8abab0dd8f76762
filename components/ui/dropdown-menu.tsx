/** A menu that drops from a button. */
"use client";

import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

export const DropdownMenu = Radix.Root;
export const DropdownMenuTrigger = Radix.Trigger;
export const DropdownMenuRadioGroup = Radix.RadioGroup;

const ITEM =
  "relative flex min-h-8 cursor-default select-none items-center gap-2 rounded-sm px-2 text-sm outline-none data-highlighted:bg-hover data-disabled:text-faint [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-faint";

export function DropdownMenuContent({ className, ...rest }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        align="end"
        sideOffset={4}
        collisionPadding={8}
        {...rest}
        className={cn(
          "scroll-thin z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 animate-appear overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-float",
          className,
        )}
      />
    </Radix.Portal>
  );
}

/** An entry; with `reason` it cannot be chosen and says why under its name. */
export function DropdownMenuItem({
  reason,
  danger = false,
  className,
  children,
  ...rest
}: ComponentProps<typeof Radix.Item> & { readonly reason?: ReactNode; readonly danger?: boolean }) {
  return (
    <Radix.Item
      {...rest}
      aria-disabled={reason ? true : undefined}
      onSelect={reason ? (event) => event.preventDefault() : rest.onSelect}
      className={cn(ITEM, danger && "text-danger [&_svg]:text-danger", reason && "text-faint", className)}
    >
      {reason ? (
        <span className="py-1">
          <span className="flex items-center gap-2">{children}</span>
          <span className="block max-w-64 text-xs text-faint">{reason}</span>
        </span>
      ) : (
        children
      )}
    </Radix.Item>
  );
}

export function DropdownMenuRadioItem({ className, children, ...rest }: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem {...rest} className={cn(ITEM, "pl-8", className)}>
      <Radix.ItemIndicator className="absolute left-2">
        <Check className="text-accent!" />
      </Radix.ItemIndicator>
      {children}
    </Radix.RadioItem>
  );
}

export function DropdownMenuLabel({ children }: { readonly children: ReactNode }) {
  return <Radix.Label className="px-2 pt-2 pb-1 text-xs font-medium text-faint">{children}</Radix.Label>;
}

export function DropdownMenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}
