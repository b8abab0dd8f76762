/** Keeps what user code names within its folder: a path counts by where it really leads. */
import { realpathSync } from "node:fs";
import { sep } from "node:path";

/** Whether a path is a folder or lies below it, by text alone. */
export const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep);

/** Where an existing path really leads, if that is within one of the folders; null otherwise. */
export function confined(path: string, folders: readonly string[]): string | null {
  try {
    const real = realpathSync(path);
    return folders.some((folder) => isWithin(real, realpathSync(folder))) ? real : null;
  } catch {
    return null;
  }
}
