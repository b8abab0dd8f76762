/** How the server itself is, as the shell's status line shows it. */
import type { IsoTime } from "./shared";

/** What the shell's status line shows. */
export interface StatusView {
  readonly version: string;
  readonly engine: { readonly alive: boolean; readonly lastSeenAt: IsoTime | null };
  readonly slots: { readonly used: number; readonly total: number };
  readonly queued: number;
  readonly running: number;
  readonly diskFreeBytes: number;
  readonly now: IsoTime;
}
