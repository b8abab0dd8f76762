/** Writes files that only their owner may read, whole or not at all. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";

/** Replaces `path` with `content`, mode 0600, by rename, so that a reader never sees half of it. */
export function writeSecretFile(path: string, content: string | Buffer): void {
  const next = `${path}.${process.pid}.new`;
  const fd = openSync(next, "w", 0o600);
  try {
    writeSync(fd, typeof content === "string" ? Buffer.from(content) : content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(next, path);
}
