/** What keeps a form from being sent, in one place at its head; each line leads to its field. */
"use client";

import { TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";

export interface FieldError {
  readonly fieldId: string;
  readonly label: string;
  readonly message: string;
}

export function ErrorSummary({
  title,
  errors,
  round,
  children,
}: {
  readonly title: string;
  readonly errors: readonly FieldError[];
  /** Rises with every failed attempt: the focus moves here again. */
  readonly round: number;
  readonly children?: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (round > 0) box.current?.focus();
  }, [round]);
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      className="flex gap-3 rounded-md border border-failed bg-failed-soft px-4 py-3 text-sm"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-failed" />
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        {children}
        <ul>
          {errors.map((error) => (
            <li key={error.fieldId}>
              <a
                href={`#${error.fieldId}`}
                className="underline underline-offset-2"
                onClick={(event) => {
                  event.preventDefault();
                  document.getElementById(error.fieldId)?.focus();
                }}
              >
                {error.label}
              </a>
              : {error.message}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
