/** Finds the files of a data directory that belong to one state of its database. */
import type { Dirent, Stats } from "node:fs";
import { lstat, readdir, readlink, realpath } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { KnownFiles } from "@/db/backup";
import { KEPT_FILES } from "./backup-format";

/** Something to put into a backup; `name` is its path below the data directory. */
export type BackupItem =
  | { readonly kind: "file" | "folder"; readonly name: string; readonly place: string; readonly stats: Stats }
  | { readonly kind: "link"; readonly name: string; readonly target: string; readonly stats: Stats }
  | { readonly kind: "left-out"; readonly name: string; readonly why: string };

const isKey = (name: string): boolean => /^[1-9]\d{0,14}$/.test(name);

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A link is kept where it stays inside the data directory, told relative so that it holds elsewhere too. */
async function linkItem(home: string, name: string, stats: Stats): Promise<BackupItem> {
  const place = join(home, name);
  const from = await realpath(dirname(place));
  const target = await readlink(place);
  const leads = join(target.startsWith(sep) ? "" : from, target);
  const real = await realpath(home);
  const isInside = leads.startsWith(real + sep) || leads.startsWith(home + sep);
  if (!isInside) return { kind: "left-out", name, why: `a link that leads to ${target}` };
  const inner = relative(leads.startsWith(real + sep) ? real : home, leads);
  return { kind: "link", name, target: relative(dirname(name), inner) || ".", stats };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const isGone = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

/** Everything at and below a path; what goes meanwhile is passed over, what cannot be read is told. */
async function* everything(home: string, name: string): AsyncGenerator<BackupItem> {
  const place = join(home, name);
  try {
    const stats = await lstat(place);
    if (stats.isSymbolicLink()) yield await linkItem(home, name, stats);
    else if (stats.isFile()) yield { kind: "file", name, place, stats };
    else if (stats.isDirectory()) {
      yield { kind: "folder", name, place, stats };
      for (const entry of await entriesOf(place)) yield* everything(home, `${name}/${entry.name}`);
    }
  } catch (error) {
    if (!isGone(error)) yield { kind: "left-out", name, why: reasonOf(error) };
  }
}

/** Names in a folder; none where there is no such folder. */
const namesIn = async (folder: string): Promise<string[]> =>
  (await entriesOf(folder).catch(() => [])).map(({ name }) => name);

async function* attemptsOf(home: string, task: string, has: (number: number) => boolean): AsyncGenerator<BackupItem> {
  for (const number of await namesIn(join(home, task)))
    if (isKey(number) && has(Number(number))) yield* everything(home, `${task}/${number}`);
}

async function* runsOf(home: string, known: KnownFiles): AsyncGenerator<BackupItem> {
  for (const run of (await namesIn(join(home, "runs"))).filter(isKey)) {
    const runKey = Number(run);
    if (!known.hasRun(runKey)) continue;
    for (const name of await namesIn(join(home, "runs", run))) {
      const path = `runs/${run}/${name}`;
      if (!isKey(name)) yield* everything(home, path);
      else yield* attemptsOf(home, path, (number) => known.hasAttempt(runKey, Number(name), number));
    }
  }
}

async function* blobsOf(home: string, known: KnownFiles): AsyncGenerator<BackupItem> {
  for (const prefix of await namesIn(join(home, "blobs")))
    for (const digest of await namesIn(join(home, "blobs", prefix)))
      if (known.hasBlob(digest)) yield* everything(home, `blobs/${prefix}/${digest}`);
}

async function* volumesOf(home: string, known: KnownFiles): AsyncGenerator<BackupItem> {
  for (const key of await namesIn(join(home, "volumes")))
    if (isKey(key) && known.hasVolume(Number(key))) yield* everything(home, `volumes/${key}`);
}

/** Every file that belongs to the state of the database that `known` is of. */
export async function* backupItems(home: string, known: KnownFiles): AsyncGenerator<BackupItem> {
  for (const name of KEPT_FILES) yield* everything(home, name);
  yield* blobsOf(home, known);
  yield* runsOf(home, known);
  yield* volumesOf(home, known);
}
