/** Sends files to the server as one multipart stream, whatever their size. */
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { UploadView } from "@/server/domain/views";
import { type Connection, jsonOf } from "./connection";
import type { SentFile } from "./submit-files";

const quoted = (name: string): string => name.replace(/[\r\n]/g, " ").replace(/"/g, "%22");

async function* multipart(boundary: string, files: readonly SentFile[]): AsyncGenerator<Uint8Array> {
  for (const { path, file } of files) {
    const field = `--${boundary}\r\nContent-Disposition: form-data; name="path"\r\n\r\n${path}\r\n`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(path)}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
    yield Buffer.from(field + head);
    yield* createReadStream(file) as AsyncIterable<Uint8Array>;
    yield Buffer.from("\r\n");
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}

/** Uploads files as one pipeline. Throws what the server refuses. */
export async function upload(connection: Connection, files: readonly SentFile[]): Promise<UploadView> {
  const boundary = `penstock-${randomBytes(16).toString("hex")}`;
  const init: RequestInit & { duplex: "half" } = {
    method: "POST",
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    body: Readable.toWeb(Readable.from(multipart(boundary, files))) as ReadableStream<Uint8Array>,
    duplex: "half",
  };
  return jsonOf(await connection.get("/api/uploads", init));
}
