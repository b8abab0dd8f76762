/** Serves the pages that steps put into their display files, under the same rights as an HTML artifact: none. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { isUiMetadata } from "@/server/domain/display/file-names";
import { readWebPage } from "@/server/domain/display/ui-metadata";
import { ProblemError } from "@/server/domain/problem-error";
import { type OpenFile, openBelow } from "@/server/platform/open-file";
import type { Context } from "@/server/services/context";
import { artifactPlace } from "@/server/services/files/places";
import { PREVIEW_HEADERS } from "./artifacts";

/** Larger display files are not read when a step ends either. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Answers with the HTML of one entry of a display file; whatever else is asked for is not found. */
export async function answerDisplayPage(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  what: { readonly key: number; readonly entry: number },
): Promise<void> {
  const place = artifactPlace(context, what.key);
  const isDisplays = !place.isDirectory && isUiMetadata(place.name);
  const file = isDisplays ? await openBelow(context.dataDir.home, place.path) : null;
  const text = file === null ? null : await textOf(file);
  const html = text === null ? null : readWebPage(text, what.entry);
  if (html === null) {
    throw new ProblemError("not-found", `Artifact ${what.key} holds no page at entry ${what.entry} of a display file.`);
  }
  const body = Buffer.from(html);
  response.writeHead(200, {
    ...PREVIEW_HEADERS,
    "Content-Length": body.length,
    "Cache-Control": "private, no-cache, no-transform",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** The text of a file as large as it was when it was opened, which is then closed; null when that is too large. */
async function textOf({ handle, size }: OpenFile): Promise<string | null> {
  try {
    if (size > MOST_BYTES) return null;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
