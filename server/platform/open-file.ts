/** Opens files that user code may have made or moved, without ever leaving the folder they belong to. */
import { constants, type Stats } from "node:fs";
import { type FileHandle, open, readlink, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, sep } from "node:path";

export interface OpenFile {
  readonly handle: FileHandle;
  readonly size: number;
  readonly modifiedAt: Date;
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  ["ENOENT", "ENOTDIR", "ELOOP", "EMLINK", "ENAMETOOLONG", "ENXIO", "EACCES"].includes(String(error.code));

/** Whether `path` names something below a folder by plain segments alone. */
export const isPlainPath = (path: string): boolean =>
  path !== "" &&
  !isAbsolute(path) &&
  !/[\0\\]/.test(path) &&
  path.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..");

/** The real location of `relative` below `root`, null when it is absent or a link is on the way. */
export async function placeBelow(root: string, relative: string): Promise<string | null> {
  if (!isPlainPath(relative)) return null;
  try {
    const expected = join(await realpath(root), ...relative.split("/"));
    return (await realpath(expected)) === expected ? expected : null;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/**
 * Whether an open file is the one at `place`. Where the system tells what a descriptor stands for, that is the answer;
 * looking at the place again proves less, since a link may stand there only while the file is opened and looked at.
 */
async function liesAt(handle: FileHandle, opened: Stats, place: string): Promise<boolean> {
  const real = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => null);
  if (real !== null) return real === place;
  const before = await realpath(place);
  const found = await stat(place);
  return before === place && (await realpath(place)) === place && found.ino === opened.ino && found.dev === opened.dev;
}

/**
 * Opens the regular file `relative` below `root` for reading; null when there is none. Links are not followed, neither
 * at the end nor on the way: what was opened must be what lies at the expected place afterwards, so that a folder
 * swapped for a link in between is noticed. Pipes and devices are not waited for and count as absent.
 */
export async function openBelow(root: string, relative: string): Promise<OpenFile | null> {
  const place = await placeBelow(root, relative);
  if (place === null) return null;
  let handle: FileHandle | undefined;
  try {
    handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const opened = await handle.stat();
    if (opened.isFile() && (await liesAt(handle, opened, place))) {
      const result = { handle, size: opened.size, modifiedAt: opened.mtime };
      handle = undefined;
      return result;
    }
    return null;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  } finally {
    await handle?.close();
  }
}

/** The path of `file` relative to `root`, with `/`; null when it is not below it. */
export const pathBelow = (root: string, file: string): string | null =>
  file.startsWith(root + sep)
    ? file
        .slice(root.length + 1)
        .split(sep)
        .join("/")
    : null;
