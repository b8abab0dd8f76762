/** Packs what a pod is given: each mount under its number, what is to come back, and at the very end that it is complete. */
import { createReadStream, type Stats } from "node:fs";
import { lstat, opendir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";
import type { PodGrant } from "@/server/platform/pod-files";

/** Whoever the image runs as has to read what it is given, and to write where it may. */
const modeOf = (stat: Stats, isWritable: boolean): number => {
  if (stat.isDirectory()) return isWritable ? 0o777 : 0o755;
  const executable = (stat.mode & 0o100) === 0 ? 0 : 0o111;
  return (isWritable ? 0o666 : 0o444) | executable;
};

async function putFile(tar: Pack, name: string, path: string, stat: Stats, isWritable: boolean): Promise<void> {
  const header = { name, size: stat.size, mode: modeOf(stat, isWritable), mtime: stat.mtime };
  // A file that grows is sent as long as it was; one that shrank breaks the archive, and the pod asks again.
  if (stat.size === 0) tar.entry(header, "");
  else await pipeline(createReadStream(path, { end: stat.size - 1 }), tar.entry(header));
}

async function put(tar: Pack, name: string, path: string, isWritable: boolean): Promise<void> {
  const stat = await lstat(path);
  if (stat.isFile()) return putFile(tar, name, path, stat, isWritable);
  if (stat.isSymbolicLink()) {
    tar.entry({ name, type: "symlink", linkname: await readlink(path), mode: 0o777 });
    return;
  }
  if (!stat.isDirectory()) return;
  tar.entry({ name: `${name}/`, type: "directory", mode: modeOf(stat, isWritable), mtime: stat.mtime });
  for await (const child of await opendir(path))
    await put(tar, `${name}/${child.name}`, join(path, child.name), isWritable);
}

async function fill(tar: Pack, { mounts }: PodGrant): Promise<void> {
  tar.entry({ name: "m/", type: "directory", mode: 0o755 });
  for (const [at, { path, isWritable }] of mounts.entries()) await put(tar, `m/${at}`, path, isWritable);
  const wanted = mounts.flatMap(({ returns }, at) => (returns === "nothing" ? [] : [`${returns} ${at}\n`]));
  tar.entry({ name: "deliver", mode: 0o644 }, wanted.join(""));
  tar.entry({ name: "complete", mode: 0o644 }, "");
  tar.finalize();
}

/** The archive of a pod's files; an error in the middle leaves it without its last entry. */
export function packPodFiles(grant: PodGrant): Pack {
  const tar = pack();
  fill(tar, grant).catch((error: Error) => tar.destroy(error));
  return tar;
}
