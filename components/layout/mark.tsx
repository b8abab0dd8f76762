/** The mark: a pipe that feeds a wheel, in two strokes. */
import { cn } from "@/components/ui/cn";

export function Mark({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden="true" className={cn("size-6 text-accent", className)}>
      <path d="M3.5 7h9.5a6.5 6.5 0 0 1 6.5 6.5" stroke="currentColor" strokeWidth="5" strokeLinecap="round" />
      <circle
        cx="19.5"
        cy="22"
        r="6.5"
        stroke="currentColor"
        strokeWidth="3"
        strokeDasharray="34 6.84"
        strokeDashoffset="-13.5"
        strokeLinecap="round"
        opacity=".6"
      />
      <circle cx="19.5" cy="22" r="1.9" fill="currentColor" opacity=".6" />
    </svg>
  );
}
