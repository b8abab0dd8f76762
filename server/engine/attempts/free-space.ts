/** Whether the disk of the data directory has room for what a step writes at the very least. */
import { statfsSync } from "node:fs";

/** With less than this a step could not even write its log. */
const RESERVE_BYTES = 256 * 1024;
/** Whether less than the reserve is free where `path` lies; false where that cannot be told. */
export function isDiskFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize < RESERVE_BYTES;
  } catch {
    return false;
  }
}

/** Throws ENOSPC, as a write would, while the disk of `path` is full; costs some microseconds. */
export function needSpace(path: string): void {
  if (!isDiskFull(path)) return;
  throw Object.assign(new Error("no space left on the disk of the data directory"), { code: "ENOSPC" });
}
