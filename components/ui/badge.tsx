/** A small word that marks something. */
import type { ReactNode } from "react";
import { cn } from "./cn";

export type Tone = "neutral" | "accent" | "warning" | "danger";

const TONES: { readonly [tone in Tone]: string } = {
  neutral: "border-line-strong text-dim",
  accent: "border-transparent bg-accent-soft text-accent",
  warning: "border-transparent bg-queued-soft text-queued",
  danger: "border-transparent bg-failed-soft text-failed",
};

export function Badge({
  tone = "neutral",
  className,
  children,
}: {
  readonly tone?: Tone;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <span
      className={cn(
        "inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 text-2xs font-medium [&_svg]:size-3",
        TONES[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
