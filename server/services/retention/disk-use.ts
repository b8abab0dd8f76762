/** Says what takes the disk: the folders of the data directory as they lie there, and artifacts by who left them. */
import { lstat, opendir, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { DiskUseView } from "@/server/domain/views/disk-use";
import type { Context } from "../context";

/** A folder that takes longer than this to look through is told as far as it was seen. */
const LONGEST_MS = 2_000;

async function bytesBelow(
  path: string,
  until: number,
): Promise<{ readonly bytes: number; readonly isPartial: boolean }> {
  let bytes = 0;
  const folders = [path];
  while (folders.length > 0) {
    const folder = folders.pop();
    if (folder === undefined) break;
    if (Date.now() > until) return { bytes, isPartial: true };
    const entries = await opendir(folder).catch(() => null);
    if (entries === null) continue;
    for await (const entry of entries) {
      const at = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(at);
      else if (entry.isFile()) bytes += (await lstat(at).catch(() => null))?.size ?? 0;
    }
  }
  return { bytes, isPartial: false };
}

async function fileBytes(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await lstat(file).catch(() => null))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

export async function diskUse({ dataDir, reading }: Context): Promise<DiskUseView> {
  const until = Date.now() + LONGEST_MS;
  const { database } = dataDir;
  const folders = [
    ["Runs: logs, work and artifacts", dataDir.runs],
    ["Files of pipelines", dataDir.blobs],
    ["Python environments", dataDir.envs],
    ["Volumes", dataDir.volumes],
  ] as const;
  const [artifacts, free, rows, ...sizes] = await Promise.all([
    reading.ask("artifactShares", null),
    statfs(dataDir.home),
    fileBytes([database, `${database}-wal`, `${database}-shm`]),
    ...folders.map(([, path]) => bytesBelow(path, until)),
  ]);
  return {
    freeBytes: free.bavail * free.bsize,
    folders: [
      ...folders.map(([name], index) => ({ name, ...(sizes[index] ?? { bytes: 0, isPartial: true }) })),
      { name: "Database", bytes: rows, isPartial: false },
    ],
    artifacts,
  };
}
