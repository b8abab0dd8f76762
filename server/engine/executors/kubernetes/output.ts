/** Brings a pod's output into the log of its attempt, each byte once, however often the connection breaks. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { writeAll } from "../log-writer";
import type { KubeClient } from "./client";
import type { PodFence } from "./fence";

/** This much of what is known is looked at, to see that the log still begins where it did. */
const HEAD = 256;

/** What a node says in the place of a log that went with its container; it ends without a line's end. */
const NO_LOG = /^unable to retrieve container logs for \S+$/;

const TURNED_OVER = "\n[The node has turned this log over: lines may be missing before this one, or be told twice.]\n";

/** Where a pod's output stands in the log of its attempt. */
export interface OutputPlace extends Pick<PodFence, "logBytes" | "words"> {
  readonly directory: string;
}

/** The bytes that the log has already from this place on. */
function knownHead(file: number, from: number, known: number): Buffer {
  const head = Buffer.alloc(Math.min(HEAD, known));
  return head.subarray(0, readSync(file, head, 0, head.length, from));
}

/**
 * Brings what there is, or follows the output until the container ends. The node tells it from the beginning of what it
 * keeps; what the log holds of it, by its length without our own words, is passed over.
 */
export async function bringOutput(
  client: KubeClient,
  pod: string,
  { directory, logBytes, words }: OutputPlace,
  isFollowed: boolean,
  signal: AbortSignal,
): Promise<void> {
  const chunks = await client.podLog(pod, isFollowed, signal);
  const file = openSync(join(directory, ATTEMPT_FILES.log), "a+", 0o600);
  try {
    let known = Math.max(0, fstatSync(file).size - logBytes - (words?.bytes ?? 0));
    const head = knownHead(file, logBytes, Math.min(known, (words?.at ?? Number.POSITIVE_INFINITY) - logBytes));
    let seen: Buffer = Buffer.alloc(0);
    for await (const chunk of chunks) {
      if (seen.length === 0 && chunk.length < 200 && NO_LOG.test(chunk.toString("latin1"))) return;
      if (seen.length < head.length) {
        seen = Buffer.concat([seen, chunk]).subarray(0, head.length);
        if (!head.subarray(0, seen.length).equals(seen)) {
          await writeAll(file, Buffer.from(TURNED_OVER), signal);
          known = 0;
          seen = head;
        }
      }
      const fresh = chunk.subarray(Math.min(known, chunk.length));
      known -= chunk.length - fresh.length;
      await writeAll(file, fresh, signal);
    }
  } finally {
    closeSync(file);
  }
}
