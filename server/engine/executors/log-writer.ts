/** Writes output into the log of an attempt, and waits for as long as the disk is full. */
import { write } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const writeTo = promisify(write);
const AGAIN_MS = 1_000;

const isFull = (error: unknown): boolean => ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "");

/** Writes all of it; on a full disk it waits, while whoever runs the step keeps what comes after. */
export async function writeAll(file: number, bytes: Buffer, signal: AbortSignal): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += (await writeTo(file, bytes, at, bytes.length - at)).bytesWritten;
    } catch (error) {
      if (!isFull(error)) throw error;
      await delay(AGAIN_MS, undefined, { signal });
    }
  }
}
