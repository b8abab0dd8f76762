/** Writes a backup: one .tar.gz under another name, renamed when it is whole. */
import { createWriteStream } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type Header, type Pack, pack } from "tar-stream";
import { copyDatabase, knownFiles } from "@/db/backup";
import { dataDir } from "@/server/platform/data-dir";
import { type BackupItem, backupItems } from "./backup-files";
import { DATABASE_ENTRY, FIRST_ENTRY, LAST_ENTRY, type Manifest, type Totals } from "./backup-format";

export interface BackupPlan {
  readonly home: string;
  readonly target: string;
  readonly manifest: Omit<Manifest, "runs" | "home">;
  readonly signal: AbortSignal;
  readonly seen: (totals: Totals) => void;
}

export interface BackupDone extends Totals {
  readonly runs: number;
  /** Bytes of the archive. */
  readonly size: number;
  readonly databaseBytes: number;
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

const CHUNK = 256 * 1024;

/** Exactly `size` bytes: what a log gained meanwhile is left for the next backup, what a file lost becomes zeros. */
async function* exactly(handle: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; ) {
    const wanted = Math.min(CHUNK, size - at);
    const buffer = Buffer.alloc(wanted);
    const { bytesRead } = await handle.read(buffer, 0, wanted, at);
    const bytes = bytesRead === 0 ? wanted : bytesRead;
    at += bytes;
    yield buffer.subarray(0, bytes);
  }
}

/** One archive that is being written. */
class Archive {
  readonly tar: Pack = pack();
  files = 0;
  bytes = 0;
  readonly leftOut: { path: string; why: string }[] = [];

  constructor(private readonly seen: (totals: Totals) => void) {}

  text(name: string, value: object): void {
    this.tar.entry({ name, mode: 0o600 }, `${JSON.stringify(value)}\n`);
  }

  /** Opened before its header is written, so that what cannot be read leaves no half entry. */
  async file(name: string, place: string): Promise<number> {
    const handle = await open(place, "r");
    try {
      const { size, mode, mtime } = await handle.stat();
      const header: Pick<Header, "name" | "size" | "mode" | "mtime"> = { name, size, mode: mode & 0o777, mtime };
      if (size === 0) this.tar.entry(header, "");
      else await pipeline(exactly(handle, size), this.tar.entry(header));
      this.files += 1;
      this.bytes += size;
      this.seen({ files: this.files, bytes: this.bytes });
      return size;
    } finally {
      await handle.close();
    }
  }

  async add(item: BackupItem): Promise<void> {
    if (item.kind === "left-out") {
      this.leftOut.push({ path: item.name, why: item.why });
      return;
    }
    const { name, stats } = item;
    const header = { name, mode: stats.mode & 0o777, mtime: stats.mtime };
    if (item.kind === "folder") this.tar.entry({ ...header, type: "directory" });
    else if (item.kind === "link") this.tar.entry({ ...header, type: "symlink", linkname: item.target });
    else {
      try {
        await this.file(name, item.place);
      } catch (error) {
        const code = error instanceof Error && "code" in error ? error.code : null;
        if (code === "EACCES" || code === "EPERM") this.leftOut.push({ path: name, why: String(code) });
        else if (code !== "ENOENT") throw error;
      }
    }
  }
}

/** The database first, then the files that it knows: what is written later belongs to a later state. */
async function fill(
  archive: Archive,
  plan: BackupPlan,
  copy: string,
): Promise<{ runs: number; databaseBytes: number }> {
  copyDatabase(dataDir(plan.home).database, copy);
  const known = knownFiles(copy);
  try {
    archive.text(FIRST_ENTRY, { ...plan.manifest, home: plan.home, runs: known.runs } satisfies Manifest);
    const databaseBytes = await archive.file(DATABASE_ENTRY, copy);
    for await (const item of backupItems(plan.home, known)) {
      plan.signal.throwIfAborted();
      await archive.add(item);
    }
    archive.text(LAST_ENTRY, { files: archive.files, bytes: archive.bytes } satisfies Totals);
    archive.tar.finalize();
    return { runs: known.runs, databaseBytes };
  } finally {
    known.close();
  }
}

/** Writes the backup. Throws, and leaves nothing behind, when anything goes wrong or `signal` ends it. */
export async function writeBackup(plan: BackupPlan): Promise<BackupDone> {
  const part = `${plan.target}.${process.pid}.part`;
  const copy = `${plan.target}.${process.pid}.db`;
  const archive = new Archive(plan.seen);
  try {
    const writing = pipeline(
      archive.tar,
      createGzip({ level: 1 }),
      createWriteStream(part, { mode: 0o600, flags: "wx" }),
      {
        signal: plan.signal,
      },
    );
    const filling = fill(archive, plan, copy).catch((error: Error) => {
      archive.tar.destroy(error);
      throw error;
    });
    const [filled] = await Promise.all([filling, writing]);
    const { size } = await stat(part);
    await rename(part, plan.target);
    const { files, bytes, leftOut } = archive;
    return { ...filled, files, bytes, leftOut, size };
  } finally {
    await Promise.all([part, copy, `${copy}-wal`, `${copy}-shm`].map((path) => rm(path, { force: true })));
  }
}
