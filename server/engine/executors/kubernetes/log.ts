/** The log of an attempt before its output begins: how long it is, and Penstock's own words in it. */
import { appendFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";

/** Bytes that the log of an attempt has. */
export const logSize = (directory: string): number =>
  statSync(join(directory, ATTEMPT_FILES.log), { throwIfNoEntry: false })?.size ?? 0;

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
