/** The mark: a pipe that feeds a wheel, in two strokes. */
import { cn } from "@/components/ui/cn";

export function Mark({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden="true" className={cn("size-6 text-accent", className)}>
      <path d="M4 6.5h7.5a5 5 0 0 1 5 5v1.2" stroke="currentColor" strokeWidth="4" strokeLinecap="round" />
      <path
        d="M11.6 27.2a8 8 0 1 1 9.8 0M16.5 17v4m0 0 3.4 2m-3.4-2-3.4 2"
        stroke="currentColor"
        strokeWidth="3"
        strokeLinecap="round"
        opacity=".62"
      />
    </svg>
  );
}
