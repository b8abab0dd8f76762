/** Unpacks an uploaded zip or tar.gz into a new directory, trusting nothing in it. */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable, Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract as tarExtract } from "tar-stream";
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from "yauzl";
import { entryNameProblem, isClutter } from "./archive-paths";
import { ArchiveRefused, asRefusal, duplicate, hasCode, link, special } from "./archive-refused";

export interface ArchiveLimits {
  /** Bytes of all files together once unpacked. */
  readonly bytes: number;
  readonly entries: number;
  /** Unpacked bytes per byte of the archive. */
  readonly ratio: number;
}

const LIMITS: ArchiveLimits = { bytes: 2 * 1024 ** 3, entries: 20_000, ratio: 200 };
/** Below this an archive cannot do harm, however well it is packed. */
const RATIO_FREE_BYTES = 1024 * 1024;
/** Room for what a tar holds beside its files: headers, padding, and zeros at its end. */
const TAR_OVERHEAD_BYTES = 32 * 1024 * 1024;

export interface ExtractedFile {
  /** Path inside the archive, `/` separated. */
  readonly path: string;
  readonly size: number;
}

export type ArchiveKind = "zip" | "tar.gz";

/** Tells an archive by its first bytes; null for anything else, whatever its name. */
export function archiveKind(head: Uint8Array): ArchiveKind | null {
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)) return "zip";
  return head[0] === 0x1f && head[1] === 0x8b ? "tar.gz" : null;
}

/**
 * Unpacks `archive` into `directory`, which must not exist yet, and lists its files in archive order.
 * Throws `ArchiveRefused` and leaves nothing behind when the archive is damaged, hostile or over a limit.
 */
export async function extractArchive(
  archive: string,
  directory: string,
  limits: ArchiveLimits = LIMITS,
): Promise<ExtractedFile[]> {
  const { size } = await stat(archive);
  const kind = archiveKind(await readHead(archive));
  if (kind === null) {
    const what = size === 0 ? "The file is empty" : "The file is no zip or tar.gz archive, whatever its name";
    throw new ArchiveRefused("not-an-archive", `${what}. Pack the pipeline again, or upload it unpacked.`);
  }
  await mkdir(directory, { mode: 0o700 });
  try {
    const unpacker = new Unpacker(directory, limits, size);
    await (kind === "zip" ? unpackZip(archive, unpacker) : unpackTar(archive, unpacker));
    if (unpacker.files.length === 0) {
      throw new ArchiveRefused("empty", "The archive holds no files. Put a pipeline into it.");
    }
    return unpacker.files;
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function readHead(path: string): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Writes entries one after the other and keeps the accounts. */
class Unpacker {
  readonly files: ExtractedFile[] = [];
  private readonly names = new Set<string>();
  private entries = 0;
  private bytes = 0;

  constructor(
    private readonly directory: string,
    private readonly limits: ArchiveLimits,
    private readonly archiveBytes: number,
  ) {}

  count(entries = 1): void {
    this.entries += entries;
    if (this.entries > this.limits.entries) {
      throw new ArchiveRefused(
        "too-many-entries",
        `The archive holds more than ${this.limits.entries.toLocaleString("en")} entries. Leave out what the pipeline does not need.`,
      );
    }
  }

  /** Refuses by sizes an archive only claims, before a byte is unpacked. */
  announce(bytes: number): void {
    this.checkBytes(this.bytes + bytes);
  }

  /** Opens the content only once it is going to be read to its end or destroyed: one left lying reads a closed file. */
  async write(name: string, content: () => Promise<Readable>, signal?: AbortSignal): Promise<void> {
    const problem = entryNameProblem(name);
    if (problem !== null) throw new ArchiveRefused("bad-path", `${problem} Nothing was unpacked.`);
    if (this.names.has(name)) throw duplicate(name);
    this.names.add(name);
    const path = join(this.directory, name);
    const before = this.bytes;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await pipeline(await content(), this.meter(), createWriteStream(path, { flags: "wx", mode: 0o600 }), {
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      if (hasCode(error, "EEXIST", "ENOTDIR", "EISDIR")) throw duplicate(name);
      throw error;
    }
    this.files.push({ path: name, size: this.bytes - before });
  }

  /** Looks at a whole unpacked tar as it passes: names, headers and what follows its end can be bombs as well. */
  meterStream(): Transform {
    let bytes = 0;
    return metered((more) => {
      bytes += more;
      this.checkBytes(bytes - TAR_OVERHEAD_BYTES);
    });
  }

  private meter(): Transform {
    return metered((more) => {
      this.bytes += more;
      this.checkBytes(this.bytes);
    });
  }

  private checkBytes(bytes: number): void {
    if (bytes > this.limits.bytes) {
      const limit = `${(this.limits.bytes / 1024 ** 2).toLocaleString("en")} MiB`;
      throw new ArchiveRefused("too-large", `The archive unpacks to more than ${limit}. Keep data out of it.`);
    }
    if (bytes > RATIO_FREE_BYTES && bytes > this.archiveBytes * this.limits.ratio) {
      throw new ArchiveRefused(
        "ratio",
        `The archive unpacks to more than ${this.limits.ratio} times its size, as archives made to do harm do. Nothing was unpacked.`,
      );
    }
  }
}

/** Passes bytes on while `count`, told how many came, does not throw. */
function metered(count: (bytes: number) => void): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done: TransformCallback) => {
      try {
        count(chunk.length);
        done(null, chunk);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
}

async function unpackZip(archive: string, unpacker: Unpacker): Promise<void> {
  try {
    const zip = await openPromise(archive, { lazyEntries: true, autoClose: false, decodeStrings: false });
    // The library closes the file once nothing reads from it any more.
    await unpackZipEntries(zip, unpacker).finally(() => zip.close());
  } catch (error) {
    throw asRefusal(error, "The zip archive is damaged or cut off");
  }
}

async function unpackZipEntries(zip: ZipFile, unpacker: Unpacker): Promise<void> {
  unpacker.count(zip.entryCount);
  for await (const entry of zip.eachEntry()) {
    const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
    checkZipEntry(entry, name);
    if (name.endsWith("/") || isClutter(name)) continue;
    unpacker.announce(entry.uncompressedSize);
    await unpacker.write(name, () => zip.openReadStreamPromise(entry));
  }
}

function checkZipEntry(entry: Entry, name: string): void {
  if (entry.isEncrypted())
    throw new ArchiveRefused(
      "encrypted",
      `The entry ${JSON.stringify(name)} is encrypted. Pack it without a password.`,
    );
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (type === 0o120000) throw link(name);
  if (type !== 0 && type !== 0o100000 && type !== 0o040000) throw special(name);
}

async function unpackTar(archive: string, unpacker: Unpacker): Promise<void> {
  const entries = tarExtract();
  const cut = new AbortController();
  const reading = pipeline(createReadStream(archive), createGunzip(), unpacker.meterStream(), entries);
  // An entry that is cut off would wait for ever for its rest, so the end of the reading ends it too.
  reading.catch((error: unknown) => cut.abort(error));
  try {
    for await (const entry of entries) {
      const { type, size = 0 } = entry.header;
      const name = entry.header.name.replace(/^(?:\.\/)+/, "");
      unpacker.count();
      if (!Number.isSafeInteger(size) || size < 0) throw new Error(`the size of ${JSON.stringify(name)} is no number`);
      if (type === "symlink" || type === "link") throw link(name);
      const isFile = type === "file" || type === "contiguous-file";
      if (!isFile && type !== "directory") throw special(name);
      if (!isFile || isClutter(name)) entry.resume();
      else {
        unpacker.announce(size);
        await unpacker.write(name, async () => Readable.from(entry), cut.signal);
      }
    }
    await reading;
  } catch (error) {
    entries.destroy();
    throw asRefusal(
      cut.signal.aborted ? cut.signal.reason : error,
      "The tar.gz archive is damaged, cut off, or holds no tar",
    );
  }
}
