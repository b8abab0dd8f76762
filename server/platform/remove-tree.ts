/** Removes a folder that steps wrote: whatever they made read-only goes too, and no link is followed. */
import { chmod, lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const isRefused = (error: unknown): boolean =>
  error instanceof Error && "code" in error && ["EACCES", "EPERM", "ENOTEMPTY"].includes(String(error.code));

/** Lets every folder below be emptied. */
async function unlock(folder: string): Promise<void> {
  if (!(await lstat(folder)).isDirectory()) return;
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await unlock(join(folder, entry.name));
  }
}

export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    if (!isRefused(error)) throw error;
    await unlock(folder);
    await rm(folder, { recursive: true, force: true });
  }
}
