/** One-line and many-line text fields. */
import type { ComponentProps } from "react";
import { cn } from "./cn";

const CONTROL =
  "w-full rounded-md border border-line-control bg-surface px-2.5 text-sm text-ink transition-colors duration-100 hover:border-dim aria-invalid:border-failed disabled:border-line disabled:bg-sunken disabled:text-faint";

/** The classes of a text control, for controls that are drawn another way. */
export const controlClass = (className?: string): string => cn(CONTROL, className);

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input autoComplete="off" spellCheck={false} {...rest} className={cn(CONTROL, "h-8", className)} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={3}
      spellCheck={false}
      {...rest}
      className={cn(CONTROL, "scroll-thin field-sizing-content min-h-16 py-1.5 leading-5", className)}
    />
  );
}
