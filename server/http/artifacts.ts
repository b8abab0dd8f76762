/** Serves what tasks left behind so that none of it can act in the application's name. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { posix } from "node:path";
import { ProblemError } from "@/server/domain/problem-error";
import { isPlainPath, type OpenFile, openBelow } from "@/server/platform/open-file";
import type { Context } from "@/server/services/context";
import { artifactPlace } from "@/server/services/files/places";
import { listFolder, sendFolder } from "./folders";
import { attachment, sendFile } from "./send-file";

/** How a file is shown: as a download, as an image or text, or as a page without any rights. */
export type ArtifactPresentation = "attachment" | "inline" | "html";

/** An HTML artifact runs its own inline scripts in an origin of nobody, and reaches nothing. */
const PREVIEW_POLICY = [
  "sandbox allow-scripts",
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval'",
  "style-src 'unsafe-inline'",
  "img-src data: blob:",
  "font-src data:",
  "connect-src 'none'",
  "frame-ancestors 'self'",
].join("; ");

/** What every answer carries that is a page of a step. */
export const PREVIEW_HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": PREVIEW_POLICY,
} as const;

/** A document is shown in a frame of ours by the browser's own reader, which gives it no rights. */
const DOCUMENT_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/** Bytes that say what they are. */
const INLINE: readonly { readonly type: string; readonly isOne: (head: Buffer) => boolean }[] = [
  { type: "image/png", isOne: (head) => head.subarray(0, 8).toString("hex") === "89504e470d0a1a0a" },
  { type: "image/jpeg", isOne: (head) => head.subarray(0, 3).toString("hex") === "ffd8ff" },
  { type: "image/gif", isOne: (head) => /^GIF8[79]a/.test(head.toString("latin1")) },
  { type: "image/webp", isOne: (head) => /^RIFF[\s\S]{4}WEBP/.test(head.toString("latin1")) },
  { type: "application/pdf", isOne: (head) => head.subarray(0, 5).toString("latin1") === "%PDF-" },
];

/** The type under which bytes may be shown in place, told by the bytes themselves; null = only as a download. */
export function inlineType(head: Uint8Array): string | null {
  const bytes = Buffer.from(head);
  const known = INLINE.find(({ isOne }) => isOne(bytes));
  if (known) return known.type;
  return bytes.includes(0) ? null : "text/plain; charset=utf-8";
}

async function headOf(file: OpenFile): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.handle.read(Buffer.alloc(4096), 0, 4096, 0);
  return buffer.subarray(0, bytesRead);
}

async function presentation(
  file: OpenFile,
  name: string,
  view: ArtifactPresentation,
): Promise<{ [name: string]: string }> {
  const download = { "Content-Type": "application/octet-stream", "Content-Disposition": attachment(name) };
  if (view === "attachment") return download;
  if (view === "html") return PREVIEW_HEADERS;
  const type = inlineType(await headOf(file));
  if (type === null) return download;
  const shown = { "Content-Type": type, "Content-Disposition": "inline" };
  return type === "application/pdf" ? { ...shown, "Content-Security-Policy": DOCUMENT_POLICY } : shown;
}

/** Answers with an artifact's bytes, one file of a directory (`inner`), or the directory as tar.gz. */
export async function answerArtifact(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  what: { readonly key: number; readonly inner: string | null; readonly view: ArtifactPresentation },
): Promise<void> {
  const place = artifactPlace(context, what.key);
  if (what.inner !== null && !(place.isDirectory && isPlainPath(what.inner))) throw absent();
  if (place.isDirectory && what.inner === null) {
    return sendFolder(request, response, { root: context.dataDir.home, path: place.path, name: place.fileName });
  }
  const path = what.inner === null ? place.path : `${place.path}/${what.inner}`;
  const file = await openBelow(context.dataDir.home, path);
  if (file === null) throw absent();
  const headers = await presentation(file, posix.basename(path), what.view).catch(async (error: unknown) => {
    await file.handle.close();
    throw error;
  });
  return sendFile(request, response, file, headers);
}

/** The files in a directory artifact. */
export async function artifactEntries(context: Context, key: number): Promise<object> {
  const place = artifactPlace(context, key);
  if (!place.isDirectory) throw new ProblemError("invalid", "This artifact is a single file; it has no entries.");
  return listFolder(context.dataDir.home, place.path);
}

const absent = (): ProblemError =>
  new ProblemError("not-found", "The file is gone or was never a plain file; the step's log may say why.");
