/** Doing something to many runs, some at a time: what was done, what was not and why, and how far it is. */

import type { Outcome, Target } from "@/components/actions/outcome";

export interface BulkProgress extends Pick<Outcome, "done" | "failed"> {
  readonly isOver: boolean;
}

const AT_ONCE = 50;

export const BULK_START: BulkProgress = { done: [], failed: [], isOver: false };

/**
 * Calls `act` with at most fifty at a time, as pages of them come. A call that fails as a whole fails for each
 * of its own; a page that cannot be read ends it with that as the last failure.
 */
export async function performBulk(
  pages: AsyncIterable<readonly Target[]>,
  act: (some: readonly Target[]) => Promise<Outcome>,
  onProgress: (progress: BulkProgress) => void,
  explain: (error: unknown) => string,
  signal: AbortSignal,
): Promise<void> {
  let progress = BULK_START;
  const add = ({ done, failed }: Outcome) => {
    progress = { ...progress, done: [...progress.done, ...done], failed: [...progress.failed, ...failed] };
    onProgress(progress);
  };
  try {
    for await (const page of pages) {
      for (let from = 0; from < page.length && !signal.aborted; from += AT_ONCE) {
        const some = page.slice(from, from + AT_ONCE);
        add(
          await act(some).catch((error) => ({
            done: [],
            failed: some.map((target) => ({ ...target, message: explain(error) })),
          })),
        );
      }
      if (signal.aborted) break;
    }
  } catch (error) {
    add({ done: [], failed: [{ id: "", name: "The rest", message: explain(error) }] });
  }
  progress = { ...progress, isOver: true };
  onProgress(progress);
}
