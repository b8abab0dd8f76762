/** Directories that tasks left behind: their list of files, and the whole as one archive. */
import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type Pack, pack } from "tar-stream";
import { ProblemError } from "@/server/domain/problem-error";
import { openBelow, placeBelow } from "@/server/platform/open-file";
import { attachment, isGone } from "./send-file";

const MAX_ENTRIES = 10_000;

export interface FolderEntry {
  /** Relative to the directory, `/` separated. */
  readonly path: string;
  readonly size: number;
}

/** Regular files below `folder`, depth first in order of their names; links, pipes and devices are left out. */
async function* files(folder: string, prefix = ""): AsyncGenerator<{ path: string; place: string }> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const place = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* files(place, `${prefix}${entry.name}/`);
    else if (entry.isFile()) yield { path: `${prefix}${entry.name}`, place };
  }
}

/** The first 10,000 files of the directory `path` below `root`; `isCut` when there are more. */
export async function listFolder(
  root: string,
  path: string,
): Promise<{ items: readonly FolderEntry[]; isCut: boolean }> {
  const folder = await placeBelow(root, path);
  const items: FolderEntry[] = [];
  if (folder === null) return { items, isCut: false };
  for await (const file of files(folder)) {
    if (items.length === MAX_ENTRIES) return { items, isCut: true };
    const stat = await lstat(file.place).catch(() => null);
    if (stat?.isFile()) items.push({ path: file.path, size: stat.size });
  }
  return { items, isCut: false };
}

async function fill(archive: Pack, root: string, path: string, folder: string): Promise<void> {
  for await (const { path: inner } of files(folder)) {
    const file = await openBelow(root, `${path}/${inner}`);
    if (file === null) continue;
    try {
      const header = { name: inner, size: file.size, mtime: file.modifiedAt, mode: 0o644 };
      if (file.size === 0) archive.entry(header, "");
      else
        await pipeline(file.handle.createReadStream({ end: file.size - 1, autoClose: false }), archive.entry(header));
    } finally {
      await file.handle.close();
    }
  }
  archive.finalize();
}

/** Streams a directory as `<name>.tar.gz`; memory does not grow with it. */
export async function sendFolder(
  request: IncomingMessage,
  response: ServerResponse,
  what: { readonly root: string; readonly path: string; readonly name: string },
): Promise<void> {
  const folder = await placeBelow(what.root, what.path);
  if (folder === null) throw new ProblemError("not-found", "The directory is gone.");
  response.writeHead(200, {
    "Content-Type": "application/gzip",
    "Content-Disposition": attachment(`${what.name}.tar.gz`),
    "Cache-Control": "private, no-cache, no-transform",
  });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const archive = pack();
  const sending = pipeline(archive, createGzip({ level: 1 }), response);
  const filling = fill(archive, what.root, what.path, folder).catch((error: Error) => archive.destroy(error));
  await sending.catch((error: unknown) => {
    archive.destroy();
    if (!isGone(error)) throw error;
  });
  await filling;
}
