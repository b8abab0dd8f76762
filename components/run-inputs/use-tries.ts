/** What the tries to send a form have found so far. */
import { useState } from "react";
import type { FieldError } from "@/components/ui/error-summary";

export function useTries() {
  const [round, setRound] = useState(0);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  return {
    /** Rises with every try that failed. */
    round,
    errors,
    /** A try failed, with these errors at fields. */
    fail: (found: readonly FieldError[]) => {
      setErrors(found);
      setRound((before) => before + 1);
    },
    clear: () => setErrors([]),
    /** The value of a field is another one now. */
    mended: (fieldId: string) => setErrors((before) => before.filter((each) => each.fieldId !== fieldId)),
  };
}

export type Tries = ReturnType<typeof useTries>;
