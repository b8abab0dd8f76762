/** Sends files to the server as one multipart stream, whatever their size. */
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { byteText } from "@/server/domain/bytes";
import type { UploadView } from "@/server/domain/views/pipelines";
import { type Connection, jsonOf } from "./connection";
import type { Output } from "./output";
import type { SentFile } from "./submit-files";

/** What an upload says beside its files. */
export interface UploadOptions {
  /** The pipeline that gets a new version; else the one of the file's name, or a new one. */
  readonly pipelineId?: string;
  readonly name?: string;
  readonly description?: string;
}

const quoted = (name: string): string => name.replace(/[\r\n]/g, " ").replace(/"/g, "%22");

async function* multipart(
  boundary: string,
  files: readonly SentFile[],
  sent: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for (const { path, file } of files) {
    const field = `--${boundary}\r\nContent-Disposition: form-data; name="path"\r\n\r\n${path}\r\n`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(path)}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
    yield Buffer.from(field + head);
    for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) {
      sent(chunk.length);
      yield chunk;
    }
    yield Buffer.from("\r\n");
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}

async function totalSize(files: readonly SentFile[]): Promise<number> {
  const sizes = await Promise.all(files.map(async ({ file }) => (await stat(file).catch(() => null))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Uploads files as one pipeline and shows how far it is. Throws what the server refuses. */
export async function upload(
  connection: Connection,
  output: Output,
  files: readonly SentFile[],
  options: UploadOptions = {},
): Promise<UploadView> {
  const boundary = `penstock-${randomBytes(16).toString("hex")}`;
  const total = await totalSize(files);
  let done = 0;
  const sent = (bytes: number): void => {
    done += bytes;
    output.progress(`Uploading ${byteText(done)} of ${byteText(total)}`);
  };
  const init: RequestInit & { duplex: "half" } = {
    method: "POST",
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    body: Readable.toWeb(Readable.from(multipart(boundary, files, sent))) as ReadableStream<Uint8Array>,
    duplex: "half",
  };
  const query = new URLSearchParams(Object.entries(options)).toString();
  try {
    return await jsonOf(await connection.get(`/api/uploads${query === "" ? "" : `?${query}`}`, init));
  } finally {
    output.progress(null);
  }
}
