/** The pictures of the states: each shape tells its state without colour. */
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export type StateShape =
  | "pending"
  | "queued"
  | "running"
  | "succeeded"
  | "cached"
  | "failed"
  | "barred"
  | "skipped"
  | "omitted"
  | "lost";

const line = { fill: "none", stroke: "currentColor", strokeWidth: 1.6, strokeLinecap: "round" } as const;
const onFill = { ...line, stroke: "var(--state-on-fill)", strokeWidth: 1.7, strokeLinejoin: "round" } as const;

const SHAPES: { readonly [shape in StateShape]: ReactNode } = {
  pending: <circle cx="8" cy="8" r="5.9" {...line} strokeDasharray="0.1 3.6" strokeWidth={2} />,
  queued: (
    <>
      <circle cx="8" cy="8" r="5.9" {...line} />
      <path d="M8 4.8V8l2.2 1.6" {...line} strokeLinejoin="round" />
    </>
  ),
  running: (
    <>
      <circle cx="8" cy="8" r="5.7" {...line} strokeWidth={2} opacity={0.28} />
      <path
        d="M8 2.3A5.7 5.7 0 0 1 13.7 8"
        {...line}
        strokeWidth={2}
        className="origin-[8px_8px] animate-arc motion-reduce:hidden"
      />
      <circle cx="8" cy="8" r="2" fill="currentColor" />
    </>
  ),
  succeeded: (
    <>
      <circle cx="8" cy="8" r="6.8" fill="currentColor" />
      <path d="m5 8.2 2.1 2.1L11.1 6" {...onFill} />
    </>
  ),
  cached: (
    <>
      <circle cx="8" cy="8" r="6.1" {...line} />
      <path d="M8.9 3.9 5.4 8.7h2.3l-.6 3.4 3.5-4.8H8.3z" fill="currentColor" />
    </>
  ),
  failed: (
    <>
      <path d="M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2z" fill="currentColor" />
      <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" {...onFill} />
    </>
  ),
  barred: (
    <>
      <circle cx="8" cy="8" r="6.1" {...line} />
      <path d="m3.9 12.1 8.2-8.2" {...line} />
    </>
  ),
  skipped: (
    <>
      <circle cx="8" cy="8" r="6.1" {...line} strokeWidth={1.4} />
      <path d="M4.8 5.6 7.8 8l-3 2.4zM8.2 5.6l3 2.4-3 2.4z" fill="currentColor" />
    </>
  ),
  omitted: (
    <>
      <circle cx="8" cy="8" r="6.1" {...line} strokeDasharray="2.6 2.2" strokeWidth={1.4} />
      <path d="M5.4 8h5.2" {...line} />
    </>
  ),
  lost: (
    <>
      <path d="M6.2 2.2a6.1 6.1 0 0 0-1.8 10.7M9.8 13.8a6.1 6.1 0 0 0 1.8-10.7" {...line} />
      <path d="M8 5v3.6M8 11v.1" {...line} strokeWidth={1.8} />
    </>
  ),
};

export function StateIcon({ shape, className }: { readonly shape: StateShape; readonly className?: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className={cn("size-4 shrink-0", className)}>
      {SHAPES[shape]}
    </svg>
  );
}
