/** Doing something to many runs, some at a time: what was done, what was not and why, and how far it is. */

export interface BulkFailure {
  readonly id: string;
  readonly message: string;
}

export interface BulkProgress {
  readonly done: readonly string[];
  readonly failed: readonly BulkFailure[];
  readonly isOver: boolean;
}

export interface Outcome {
  readonly done: readonly string[];
  readonly failed: readonly BulkFailure[];
}

const AT_ONCE = 50;

export const BULK_START: BulkProgress = { done: [], failed: [], isOver: false };

/**
 * Calls `act` with at most fifty ids at a time, as pages of them come. A call that fails as a whole fails for each of
 * its ids; a page that cannot be read ends it with that as the last failure.
 */
export async function performBulk(
  pages: AsyncIterable<readonly string[]>,
  act: (ids: readonly string[]) => Promise<Outcome>,
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
        const ids = page.slice(from, from + AT_ONCE);
        add(
          await act(ids).catch((error) => ({ done: [], failed: ids.map((id) => ({ id, message: explain(error) })) })),
        );
      }
      if (signal.aborted) break;
    }
  } catch (error) {
    add({ done: [], failed: [{ id: "", message: explain(error) }] });
  }
  progress = { ...progress, isOver: true };
  onProgress(progress);
}
