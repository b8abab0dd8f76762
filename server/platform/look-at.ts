/** Looks at what lies in the data directory, by paths as the database keeps them. */
import { statSync } from "node:fs";
import { join } from "node:path";

/** Size and kind of what lies at a path relative to `home`; undefined for nothing. */
export const lookIn =
  (home: string) =>
  (path: string): { readonly size: number; readonly isDirectory: boolean } | undefined => {
    const found = statSync(join(home, path), { throwIfNoEntry: false });
    return found && { size: found.size, isDirectory: found.isDirectory() };
  };
