/**
 * Takes what a pod brings: everything is put aside first and moved to its place once all of it is there, so that
 * nothing half is ever seen, no name leads out of its mount, and no link is ever written through.
 */
import { createWriteStream } from "node:fs";
import { copyFile, lstat, mkdir, mkdtemp, rename, rm, symlink, unlink } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";
import { ProblemError } from "@/server/domain/problem-error";
import { isPlainPath } from "@/server/platform/open-file";
import type { PodGrant } from "@/server/platform/pod-files";

const MOST_ENTRIES = 1_000_000;

type Arrival =
  | { readonly is: "folder"; readonly mount: number; readonly path: string }
  | { readonly is: "file"; readonly mount: number; readonly path: string; readonly aside: string }
  | { readonly is: "link"; readonly mount: number; readonly path: string; readonly target: string };

/** The mount and the path below it that an entry names; the path is empty for the mount itself. */
function placeOf(name: string, { mounts }: PodGrant): { readonly mount: number; readonly path: string } {
  const plain = name.replace(/^\.\//, "").replace(/\/$/, "");
  const [first = "", ...rest] = plain.split("/");
  const mount = /^\d{1,4}$/.test(first) ? Number(first) : -1;
  const path = rest.join("/");
  const isReturned = mounts[mount] !== undefined && mounts[mount].returns !== "nothing";
  if (!isReturned || (path !== "" && !isPlainPath(path))) {
    throw new ProblemError(
      "invalid",
      `The entry ${JSON.stringify(name.slice(0, 200))} lies where this pod may not write.`,
    );
  }
  return { mount, path };
}

/** Whether a link stays in its mount; others are left out, since what they mean is in the pod alone. */
function staysInside(path: string, target: string): boolean {
  const led = posix.normalize(posix.join(posix.dirname(path), target));
  return target !== "" && !posix.isAbsolute(target) && led !== ".." && !led.startsWith("../");
}

const nothing = (): null => null;
const asIs = (error: unknown): unknown => error;

async function readAll(body: Readable, grant: PodGrant, aside: string): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  const files = new Map<string, string>();
  const take = async (header: Header, stream: AsyncIterable<Uint8Array>): Promise<void> => {
    if (arrivals.length >= MOST_ENTRIES)
      throw new ProblemError("too-large", `A step leaves at most ${MOST_ENTRIES} files.`);
    const place = placeOf(header.name, grant);
    const target = header.linkname ?? "";
    if (header.type === "directory") arrivals.push({ is: "folder", ...place });
    else if (header.type === "symlink" && place.path !== "" && staysInside(place.path, target)) {
      arrivals.push({ is: "link", ...place, target });
    } else if (header.type === "link") {
      const from = files.get(target);
      if (from === undefined) return;
      const copy = join(aside, String(arrivals.length));
      await copyFile(from, copy);
      arrivals.push({ is: "file", ...place, aside: copy });
    } else if (header.type === "file" || header.type === "contiguous-file") {
      const path = join(aside, String(arrivals.length));
      const mode = (header.mode ?? 0) & 0o100 ? 0o700 : 0o600;
      await pipeline(stream, createWriteStream(path, { flags: "wx", mode }));
      files.set(header.name, path);
      arrivals.push({ is: "file", ...place, aside: path });
    }
  };
  const reader = extract();
  const piping = pipeline(body, reader).then(nothing, asIs);
  const taking = (async () => {
    for await (const entry of reader) {
      await take(entry.header, entry as unknown as AsyncIterable<Uint8Array>);
      entry.resume();
    }
  })();
  // What was wrong with an entry says more than that the rest was not read.
  const wrong = await taking.then(nothing, asIs);
  const broken = await piping;
  if (wrong !== null || broken !== null) throw wrong ?? broken;
  return arrivals;
}

/** Makes the folders on the way to a place, and refuses where one of them is something else. */
async function madeFolder(root: string, path: string, known: Set<string>): Promise<void> {
  const parts = path === "" || path === "." ? [] : path.split("/");
  for (let at = 0; at <= parts.length; at++) {
    const folder = join(root, ...parts.slice(0, at));
    if (known.has(folder)) continue;
    const stat = await lstat(folder).catch(() => null);
    if (stat === null) await mkdir(folder, { mode: 0o700 });
    else if (!stat.isDirectory()) throw new ProblemError("invalid", `${path} lies below something that is no folder.`);
    known.add(folder);
  }
}

async function place(arrivals: readonly Arrival[], { mounts }: PodGrant, aside: string): Promise<void> {
  const known = new Set<string>();
  const rootOf = (mount: number): string => mounts[mount]?.path ?? "";
  const ordered = [...arrivals].sort((a, b) => Number(a.is === "link") - Number(b.is === "link"));
  for (const arrival of ordered) {
    const root = rootOf(arrival.mount);
    if (arrival.is === "folder") {
      await madeFolder(root, arrival.path, known);
      continue;
    }
    // A mount may be one file.
    const target = arrival.path === "" ? root : join(root, arrival.path);
    if (arrival.path !== "") await madeFolder(root, dirname(arrival.path), known);
    if (arrival.is === "file") {
      await rename(arrival.aside, target);
      continue;
    }
    const draft = join(aside, "link");
    await symlink(arrival.target, draft);
    await rename(draft, target).catch(() => unlink(draft));
  }
}

const CODES: { readonly [code: string]: string } = {
  ENOSPC: "The disk of the data directory is full.",
  EDQUOT: "The disk quota of the data directory is used up.",
};

function explained(error: unknown): unknown {
  if (error instanceof ProblemError) return error;
  const { code = "", message = "" } = error as NodeJS.ErrnoException;
  const full = CODES[code];
  if (full !== undefined) return new ProblemError("unavailable", full);
  const isBroken = code === "ERR_STREAM_PREMATURE_CLOSE" || /tar|unexpected end|aborted/i.test(message);
  // Asked for again: the pod has everything yet.
  return isBroken ? new ProblemError("unavailable", "What the step left did not arrive whole.") : error;
}

/** Receives the archive of what a pod leaves into the places that it was granted. Throws `ProblemError`. */
export async function receivePodFiles(directory: string, grant: PodGrant, body: Readable): Promise<void> {
  const aside = await mkdtemp(join(directory, "arriving-"));
  try {
    await place(await readAll(body, grant, aside), grant, aside);
  } catch (error) {
    throw explained(error);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
