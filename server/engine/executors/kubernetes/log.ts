/** The log of an attempt beside its output: how long it is, and Penstock's own words in it. */
import { appendFileSync, closeSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";

/** Bytes that the log of an attempt has. */
export const logSize = (directory: string): number =>
  statSync(join(directory, ATTEMPT_FILES.log), { throwIfNoEntry: false })?.size ?? 0;

/** Words of Penstock's own in the midst of an output, on a line of their own. */
export function aside(directory: string, words: string): string {
  const path = join(directory, ATTEMPT_FILES.log);
  const size = logSize(directory);
  if (size === 0) return `[${words}]\n`;
  const file = openSync(path, "r");
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  closeSync(file);
  return `${last.toString() === "\n" ? "" : "\n"}[${words}]\n`;
}

/** Adds words to a log; answers with their length. */
export const sayTo =
  (log: string) =>
  (text: string): number => {
    try {
      appendFileSync(log, text, { mode: 0o600 });
      return Buffer.byteLength(text);
    } catch {
      // The log is for people; the work goes on without it.
      return 0;
    }
  };
