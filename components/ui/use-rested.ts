/** A value as it was when it last stayed the same for a moment. */
import { useEffect, useState } from "react";

const REST_MS = 350;

/** The value as it was when it last rested. */
export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  const text = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the value, which is a new one each time
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
