/** Brings a container's output into the log of its attempt, each byte once, however often the connection breaks. */
import { closeSync, fstatSync, openSync, write } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { asGone, type EngineClient } from "./client";
import { frameReader } from "./frames";

const writeTo = promisify(write);
const AGAIN_MS = 1_000;

const isFull = (error: unknown): boolean => ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "");

/** Writes all of it; waits for as long as the disk is full, while the engine keeps what comes after. */
async function writeAll(file: number, bytes: Buffer, signal: AbortSignal): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += (await writeTo(file, bytes, at, bytes.length - at)).bytesWritten;
    } catch (error) {
      if (!isFull(error)) throw error;
      await delay(AGAIN_MS, undefined, { signal });
    }
  }
}

/**
 * Brings what there is, or follows the output until the container ends or the connection breaks. The engine tells it
 * from the beginning; what the log holds of it already, by its length, is passed over.
 */
export async function bringOutput(
  client: EngineClient,
  container: string,
  { directory, logBytes }: { readonly directory: string; readonly logBytes: number },
  isFollowed: boolean,
  signal: AbortSignal,
): Promise<void> {
  const file = openSync(join(directory, ATTEMPT_FILES.log), "a", 0o600);
  try {
    let known = Math.max(0, fstatSync(file).size - logBytes);
    const outputOf = frameReader();
    for await (const chunk of await client.logs(container, isFollowed, signal)) {
      const bytes = Buffer.concat(outputOf(chunk));
      const fresh = bytes.subarray(Math.min(known, bytes.length));
      known -= bytes.length - fresh.length;
      await writeAll(file, fresh, signal);
    }
  } catch (error) {
    throw asGone(error, client.socket);
  } finally {
    closeSync(file);
  }
}
