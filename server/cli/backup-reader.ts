/** Unpacks a backup, trusting nothing in it: every name is checked, links are made last, and the sums must be right. */
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdir, symlink, utimes } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type Extract, extract } from "tar-stream";
import { FIRST_ENTRY, isKeptName, LAST_ENTRY, Manifest, Totals } from "./backup-format";
import { refused } from "./exit";

type Entry = Extract extends AsyncIterable<infer One> ? One : never;

/** Entries of a backup that say something of it are short. */
const MAX_TEXT = 64 * 1024;

interface Later {
  readonly name: string;
  readonly mode: number;
  readonly mtime: Date;
  readonly target: string | null;
}

/** Where a link of the archive leads, as a name below the data directory; null when it leads out of it. */
function linkedName(name: string, target: string): string | null {
  if (target.startsWith("/") || target.includes("\0")) return null;
  const inner = normalize(join(dirname(name), target));
  return isKeptName(inner.replace(/\/$/, "")) ? inner : null;
}

class Unpacking {
  manifest: Manifest | null = null;
  totals: Totals | null = null;
  files = 0;
  bytes = 0;
  private readonly later: Later[] = [];

  constructor(
    private readonly folder: string,
    private readonly seen: (totals: Totals) => void,
  ) {}

  async take(entry: Entry, signal: AbortSignal): Promise<void> {
    const { name: given, type, mode, mtime, linkname } = entry.header;
    const name = given.replace(/\/$/, "");
    if (this.manifest === null) {
      if (name !== FIRST_ENTRY) throw refused("it is no backup of Penstock: it does not begin with its description");
      this.manifest = await described(
        entry,
        Manifest,
        "its description is not understood; it may be of a newer Penstock",
      );
      return;
    }
    if (this.totals !== null) throw refused("something follows after its end");
    if (name === LAST_ENTRY) {
      this.totals = await described(entry, Totals, "its end is not understood");
      return;
    }
    if (!isKeptName(name)) throw refused(`the entry ${JSON.stringify(given)} does not belong into a data directory`);
    if (type === "file") await this.write(name, entry, { mode, mtime }, signal);
    else if (type === "directory") {
      await mkdir(join(this.folder, name), { recursive: true, mode: 0o700 });
      this.later.push({ name, mode, mtime, target: null });
    } else if (type === "symlink") {
      if (linkedName(name, linkname) === null)
        throw refused(`the link ${JSON.stringify(given)} leads out of the data directory`);
      this.later.push({ name, mode, mtime, target: linkname });
    } else throw refused(`the entry ${JSON.stringify(given)} is neither a file, a folder nor a link`);
    if (type !== "file") entry.resume();
  }

  private async write(
    name: string,
    entry: Entry,
    { mode, mtime }: { readonly mode: number; readonly mtime: Date },
    signal: AbortSignal,
  ): Promise<void> {
    const place = join(this.folder, name);
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    await pipeline(Readable.from(entry), createWriteStream(place, { flags: "wx", mode: 0o600 }), { signal });
    await chmod(place, mode & 0o777);
    // When an attempt began and ended is told by the times of its files.
    await utimes(place, mtime, mtime);
    this.files += 1;
    this.bytes += entry.header.size;
    this.seen({ files: this.files, bytes: this.bytes });
  }

  /** What the archive said of itself. Throws when it does not hold what it was made with. */
  sums(): { manifest: Manifest; totals: Totals } {
    const { manifest, totals } = this;
    if (manifest === null) throw refused("it is empty");
    if (totals === null) throw refused("it is cut off: its end is missing");
    if (totals.files !== this.files || totals.bytes !== this.bytes)
      throw refused(`it holds ${this.files} files of the ${totals.files} that it was made with`);
    return { manifest, totals };
  }

  /** Links and the rights of folders come when nothing is written any more: innermost first. */
  async finish(): Promise<void> {
    for (const { name, target } of this.later) if (target !== null) await symlink(target, join(this.folder, name));
    for (const { name, mode, target } of this.later.reverse())
      if (target === null) await chmod(join(this.folder, name), mode & 0o777);
  }
}

async function described<T>(entry: Entry, schema: { parse: (value: unknown) => T }, otherwise: string): Promise<T> {
  if (entry.header.size > MAX_TEXT) throw refused(otherwise);
  try {
    return schema.parse(JSON.parse(await text(Readable.from(entry))));
  } catch {
    throw refused(otherwise);
  }
}

export interface Unpacked {
  readonly manifest: Manifest;
  readonly totals: Totals;
  /** Makes the links and gives the folders their rights: after that some may not be written. */
  readonly finish: () => Promise<void>;
}

/** Unpacks `file` into `folder`, which is there and empty. Throws what is wrong with it, as the rest of a sentence. */
export async function readBackup(file: string, folder: string, seen: (totals: Totals) => void): Promise<Unpacked> {
  const entries = extract();
  const cut = new AbortController();
  const reading = pipeline(createReadStream(file), createGunzip(), entries);
  // An entry that is cut off would wait for ever for its rest, so the end of the reading ends it too.
  reading.catch((error: unknown) => cut.abort(error));
  const unpacking = new Unpacking(folder, seen);
  try {
    for await (const entry of entries) await unpacking.take(entry, cut.signal);
    await reading;
  } catch (error) {
    entries.destroy();
    throw cut.signal.aborted ? cut.signal.reason : error;
  }
  return { ...unpacking.sums(), finish: () => unpacking.finish() };
}
