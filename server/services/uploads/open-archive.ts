/** Opens an uploaded archive into received files, hashed like those that came one by one. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ProblemError } from "@/server/domain/problem-error";
import { archiveKind, extractArchive } from "@/server/platform/archive";
import { ArchiveRefused } from "@/server/platform/archive-refused";
import type { ReceivedFile } from "./received";

/** Names that are read as text whatever their first bytes are, so that a wrong one is refused for what it is. */
const TEXT_NAME = /\.(?:pipeline|ya?ml|json|ipynb|py|r)$/i;
const FAULTS_TOO_LARGE: ReadonlySet<string> = new Set(["too-many-entries", "too-large", "ratio"]);

/** Whether a file is an archive by its name and first bytes. */
export async function isArchive(file: ReceivedFile): Promise<boolean> {
  if (TEXT_NAME.test(file.path)) return false;
  const handle = await open(file.tmpFile, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return archiveKind(buffer.subarray(0, bytesRead)) !== null;
  } finally {
    await handle.close();
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Unpacks an archive below `folder`, in archive order. Throws `invalid` or `too-large` with what to do. */
export async function openArchive(file: ReceivedFile, folder: string): Promise<ReceivedFile[]> {
  try {
    const entries = await extractArchive(file.tmpFile, folder);
    const files: ReceivedFile[] = [];
    for (const { path, size } of entries) {
      const tmpFile = join(folder, path);
      files.push({ path, tmpFile, size, digest: await digestOf(tmpFile) });
    }
    return files;
  } catch (error) {
    if (!(error instanceof ArchiveRefused)) throw error;
    const problem = {
      severity: "error",
      stage: "upload",
      place: file.path,
      rule: `archive-${error.fault}`,
      message: error.message,
    } as const;
    throw new ProblemError(FAULTS_TOO_LARGE.has(error.fault) ? "too-large" : "invalid", error.message, [problem]);
  }
}
