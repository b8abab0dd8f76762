/** Parts of a page that are fetched when somebody first asks for them, not with the page. */
import { useState } from "react";
import { toast } from "./toast";

/**
 * What `load` gives, once `demand` was called and it came; `then` runs together with its arrival.
 * When it cannot come the page stays as it is and says so, where a lazy component would take the page down.
 */
export function useOnDemand<T>(load: () => Promise<T>): {
  readonly part: T | null;
  readonly demand: (then?: (part: T) => void) => void;
} {
  const [part, setPart] = useState<T | null>(null);
  const demand = (then?: (part: T) => void) => {
    if (part !== null) return then?.(part);
    load().then(
      (loaded) => {
        setPart(() => loaded);
        then?.(loaded);
      },
      () =>
        toast({
          tone: "error",
          title: "This part of the page did not arrive",
          description: "The server does not answer. Check that Penstock is running, then reload the page.",
        }),
    );
  };
  return { part, demand };
}
