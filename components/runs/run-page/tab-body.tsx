/** What scrolls in a tab of the run page beside the steps. */
import type { ReactNode } from "react";

export function TabBody({ children }: { readonly children: ReactNode }) {
  return (
    <div className="scroll-thin h-full overflow-y-auto">
      <div className="max-w-4xl px-6 py-4 max-md:px-4">{children}</div>
    </div>
  );
}
