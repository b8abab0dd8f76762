/** Keeps what is typed as a draft, and says when one was filled in. */
"use client";

import { useEffect, useState } from "react";
import { type Control, useFormState, useWatch } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/time";
import type { ParameterSpec } from "@/pipelines/graph";
import { keepDraft } from "./draft";
import type { RunFormValues } from "./form-values";

const REST_MS = 400;

/** Writes the draft when typing rests; shows nothing. */
export function DraftKeeper({
  draftKey,
  specs,
  control,
  isDone,
}: {
  readonly draftKey: string;
  readonly specs: readonly ParameterSpec[];
  readonly control: Control<RunFormValues>;
  readonly isDone: () => boolean;
}) {
  const values = useWatch({ control }) as RunFormValues;
  const { isDirty } = useFormState({ control });
  useEffect(() => {
    if (!isDirty) return;
    const timer = setTimeout(() => {
      if (!isDone()) keepDraft(draftKey, specs, values, new Date());
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [draftKey, specs, values, isDirty, isDone]);
  return null;
}

export function DraftLine({ at, onDiscard }: { readonly at: string; readonly onDiscard: () => void }) {
  const [isGone, setGone] = useState(false);
  if (isGone) return null;
  return (
    <p role="status" className="flex items-center gap-2 rounded-md bg-accent-soft px-3 py-1.5 text-sm">
      <span className="min-w-0 flex-1">
        What you had typed <RelativeTime at={at} /> and not started is filled in.
      </span>
      <Button
        size="sm"
        look="ghost"
        onClick={() => {
          setGone(true);
          onDiscard();
        }}
      >
        Discard it
      </Button>
    </p>
  );
}
