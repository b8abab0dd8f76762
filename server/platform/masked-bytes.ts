/** Reads a part of a file with the values of secrets hidden, also those that stand across the borders of what is read. */
import type { FileHandle } from "node:fs/promises";
import type { Masker } from "./masking";

const BLOCK = 256 * 1024;

/** Fills `bytes` from `position` on; fewer come back where the file was cut meanwhile. */
async function readFully(handle: FileHandle, bytes: Buffer, position: number): Promise<Buffer> {
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, position + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

/**
 * Bytes `from` to `to` (both included) of a file of `size` bytes, block by block. What a byte is shown as depends on
 * the file alone, never on the part that was asked for.
 */
export async function* maskedBytes(
  handle: FileHandle,
  { from, to, size }: { readonly from: number; readonly to: number; readonly size: number },
  masker: Masker,
): AsyncGenerator<Buffer> {
  for (let start = from; start <= to; start += BLOCK) {
    const end = Math.min(start + BLOCK, to + 1);
    const low = Math.max(0, start - masker.reach);
    const high = Math.min(size, end + masker.reach);
    const bytes = await readFully(handle, Buffer.allocUnsafe(high - low), low);
    masker.hide(bytes, high === size);
    const part = bytes.subarray(start - low, end - low);
    yield part;
    if (part.length < end - start) return;
  }
}
