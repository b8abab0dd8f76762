/** Sends an open file or a part of it; the same for logs, artifacts and bundle files. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { maskedBytes } from "@/server/platform/masked-bytes";
import { type Masker, NO_MASKER } from "@/server/platform/masking";
import type { OpenFile } from "@/server/platform/open-file";
import { parseRange } from "./range";

/** `Content-Disposition: attachment` with a name that every browser keeps. */
export function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%/]/g, "_");
  const encoded = encodeURIComponent(name.replace(/\p{Surrogate}/gu, "_")).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** Whether the other side went away in the middle, which is no error of ours. */
export const isGone = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  ["ERR_STREAM_PREMATURE_CLOSE", "ECONNRESET", "EPIPE"].includes(String(error.code));

/**
 * Answers GET and HEAD with the file's bytes as they are now, and closes it. A growing file is cut at its present size;
 * what `masker` hides is overwritten, so that sizes and places stay what they are.
 */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: OpenFile,
  headers: { readonly [name: string]: string },
  masker: Masker = NO_MASKER,
): Promise<void> {
  try {
    const range = parseRange(request.headers.range, file.size);
    const base = { "Accept-Ranges": "bytes", "Cache-Control": "private, no-cache, no-transform", ...headers };
    if (range.kind === "unsatisfiable") {
      response.writeHead(416, { ...base, "Content-Range": `bytes */${file.size}`, "Content-Length": 0 }).end();
      return;
    }
    const { from, to } = range.kind === "part" ? range : { from: 0, to: file.size - 1 };
    response.writeHead(range.kind === "part" ? 206 : 200, {
      ...base,
      "Content-Length": to - from + 1,
      ...(range.kind === "part" && { "Content-Range": `bytes ${from}-${to}/${file.size}` }),
    });
    if (request.method === "HEAD" || to < from) {
      response.end();
      return;
    }
    const bytes =
      masker.reach === 0
        ? file.handle.createReadStream({ start: from, end: to, autoClose: false, highWaterMark: 256 * 1024 })
        : maskedBytes(file.handle, { from, to, size: file.size }, masker);
    await pipeline(bytes, response).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  } finally {
    await file.handle.close();
  }
}
