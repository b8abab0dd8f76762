/** A window over the page: focus stays inside and returns to where it came from. */
"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { buttonClass } from "./button";
import { cn } from "./cn";
import { useFocusReturn } from "./use-focus-return";

export const Dialog = Radix.Root;
export const DialogTrigger = Radix.Trigger;
export const DialogClose = Radix.Close;

export function DialogContent({
  title,
  description,
  children,
  footer,
  className,
}: {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  readonly footer?: ReactNode;
  readonly className?: string;
}) {
  const focus = useFocusReturn();
  return (
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-50 animate-late bg-overlay [animation-delay:0s]" />
      <Radix.Content
        {...(description ? {} : { "aria-describedby": undefined })}
        // Messages and tooltips stand over every window: who presses one does not leave the window.
        onInteractOutside={(event) => {
          if (event.target instanceof Element && event.target.closest("[data-over]")) event.preventDefault();
        }}
        {...focus}
        className={cn(
          "fixed inset-x-4 top-[12vh] z-50 mx-auto flex max-h-[76vh] max-w-lg animate-appear flex-col rounded-lg border border-line bg-raised shadow-float outline-none",
          className,
        )}
      >
        <div className="flex items-start gap-4 px-5 pt-4 pb-2">
          <div className="min-w-0 flex-1">
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            {description ? (
              <Radix.Description className="mt-1 text-sm text-dim">{description}</Radix.Description>
            ) : null}
          </div>
          <Radix.Close aria-label="Close" className={buttonClass("ghost", "sm", "-mr-2 w-7 px-0")}>
            <X />
          </Radix.Close>
        </div>
        {children ? <div className="scroll-thin min-h-0 overflow-auto px-5 py-2">{children}</div> : null}
        {footer ? (
          <div className="flex flex-wrap justify-end gap-2 px-5 pt-2 pb-4">{footer}</div>
        ) : (
          <div className="h-3" />
        )}
      </Radix.Content>
    </Radix.Portal>
  );
}
