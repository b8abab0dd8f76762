/** Enter on a list that still follows what was typed waits for it, so that it never takes an entry of before. */
import { type KeyboardEvent, useEffect, useEffectEvent, useState } from "react";

/** `take` does what the marked entry stands for, as it is once the list is settled. */
export function useHeldEnter(isSettled: boolean, take: () => void) {
  const [isHeld, setHeld] = useState(false);
  const taking = useEffectEvent(take);
  useEffect(() => {
    if (!isHeld || !isSettled) return;
    setHeld(false);
    taking();
  }, [isHeld, isSettled]);
  return {
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "Enter" || isSettled) return;
      event.preventDefault();
      setHeld(true);
    },
    /** Who types on has not meant it yet. */
    letGo: () => setHeld(false),
  };
}
