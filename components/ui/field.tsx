/** A labelled control with its description beside it and its error under it, tied together for every reader. */
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

function Label({ htmlFor, children }: { readonly htmlFor: string; readonly children: ReactNode }) {
  return (
    <label htmlFor={htmlFor} className="text-sm font-medium">
      {children}
    </label>
  );
}

/** What the control has to carry so that label, hint and error belong to it. */
export interface FieldControl {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: true;
  readonly "aria-required"?: true;
}

export function Field({
  id,
  label,
  aside,
  hint,
  error,
  required = false,
  className,
  children,
}: {
  readonly id: string;
  readonly label: ReactNode;
  /** Beside the label: the type, a default. */
  readonly aside?: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly required?: boolean;
  readonly className?: string;
  readonly children: (control: FieldControl) => ReactNode;
}) {
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div className={cn("flex flex-col gap-1", className)}>
      <div className="flex items-baseline gap-2">
        <Label htmlFor={id}>
          {label}
          {required ? <span className="text-dim"> (required)</span> : null}
        </Label>
        {aside ? <span className="ml-auto max-w-1/2 shrink-0 truncate text-xs text-faint">{aside}</span> : null}
      </div>
      {children({
        id,
        ...(described ? { "aria-describedby": described } : {}),
        ...(error ? { "aria-invalid": true as const } : {}),
        ...(required ? { "aria-required": true as const } : {}),
      })}
      {error ? (
        <p id={`${id}-error`} className="flex items-start gap-1 text-xs text-failed">
          <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
          {error}
        </p>
      ) : null}
      {hint ? (
        <div id={`${id}-hint`} className="text-xs text-dim">
          {hint}
        </div>
      ) : null}
    </div>
  );
}
