/** Brings a container's output into the log of its attempt, each byte once, however often the connection breaks. */
import { closeSync, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { writeAll } from "../log-writer";
import { asGone, type EngineClient } from "./client";
import { frameReader } from "./frames";

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
