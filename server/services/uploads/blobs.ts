/** Puts uploaded bytes into the store, once by content, so that a file is there before any row names it. */
import { existsSync, linkSync, mkdirSync, rmSync } from "node:fs";
import { link, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Db } from "@/db/client";
import { unknownBlobs } from "@/db/queries/version-writes";
import type { Context } from "../context";
import { write } from "../grouped-writes";

interface StoredBytes {
  readonly digest: string;
  readonly tmpFile: string;
}

const isExisting = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EEXIST";

/** Links files into the store; whole or not there, because the bytes were written before under another name. */
async function placeBlobs(context: Context, files: readonly StoredBytes[]): Promise<void> {
  for (const { digest, tmpFile } of files) {
    const blob = context.dataDir.blob(digest);
    await mkdir(dirname(blob), { recursive: true, mode: 0o700 });
    await link(tmpFile, blob).catch((error: unknown) => {
      if (!isExisting(error)) throw error;
    });
  }
}

/** Inside the transaction that names them: puts back what the clean-up of a failed upload took away in between. */
function keepBlobs(context: Context, files: readonly StoredBytes[]): void {
  for (const { digest, tmpFile } of files) {
    const blob = context.dataDir.blob(digest);
    if (existsSync(blob)) continue;
    mkdirSync(dirname(blob), { recursive: true, mode: 0o700 });
    linkSync(tmpFile, blob);
  }
}

/** Inside a transaction: removes the files with these digests that no version names. */
export function dropBlobs(tx: Db, context: Pick<Context, "dataDir">, digests: readonly string[]): void {
  for (const digest of unknownBlobs(tx, digests)) rmSync(context.dataDir.blob(digest), { force: true });
}

/** Runs `work` with the bytes of new files in the store; when it fails, takes away again what nothing names. */
export async function withBlobs<T>(
  context: Context,
  files: readonly { readonly digest: string; readonly tmpFile: string | null }[],
  work: (tx: Db) => T,
): Promise<T> {
  const bytes = files.flatMap(({ digest, tmpFile }): StoredBytes[] => (tmpFile === null ? [] : [{ digest, tmpFile }]));
  try {
    await placeBlobs(context, bytes);
    return await write(context.db, (tx) => {
      keepBlobs(context, bytes);
      return work(tx);
    });
  } catch (error) {
    const digests = bytes.map(({ digest }) => digest);
    await write(context.db, (tx) => dropBlobs(tx, context, digests)).catch((cleanup: unknown) =>
      context.log.warn({ err: cleanup }, "bytes of a failed upload were left in the store"),
    );
    throw error;
  }
}
