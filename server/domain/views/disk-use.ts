/** What the data directory takes of the disk, as it leaves the server. */

/** What one pipeline, run or kind takes; `id` is null where it is not shown any more. */
export interface DiskShare {
  readonly id: string | null;
  readonly name: string;
  readonly bytes: number;
  readonly artifacts: number;
}

/** What the data directory takes of the disk. */
export interface DiskUseView {
  readonly freeBytes: number;
  /** Whole folders as they lie there; `isPartial` where there was not time enough to look at all of it. */
  readonly folders: readonly { readonly name: string; readonly bytes: number; readonly isPartial: boolean }[];
  readonly artifacts: {
    readonly bytes: number;
    readonly artifacts: number;
    readonly pipelines: readonly DiskShare[];
    readonly runs: readonly DiskShare[];
    readonly kinds: readonly DiskShare[];
  };
}
