/** Receives a multipart upload: every file straight to disk, hashed on its way, and nothing left behind of a broken one. */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import busboy from "busboy";
import { ProblemError } from "@/server/domain/problem-error";
import type { ReceivedFile } from "@/server/services/uploads/store-upload";

const MAX_FILES = 20_000;
const MAX_PATH = 4_096;

async function keep(stream: Readable, path: string, tmpFile: string): Promise<ReceivedFile> {
  const hash = createHash("sha256");
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(stream, measure, createWriteStream(tmpFile, { flags: "wx", mode: 0o600 }));
  return { path, tmpFile, size, digest: hash.digest("hex") };
}

/** Parses the body into files below `folder`. Rejects at the first thing that is wrong, with all its writers closed. */
async function parse(request: IncomingMessage, folder: string): Promise<ReceivedFile[]> {
  const parser = openParser(request);
  const files: Promise<ReceivedFile>[] = [];
  let broken: Error | null = null;
  let saidPath: string | null = null;
  const stop = (error: Error): void => {
    broken ??= error;
    request.unpipe(parser);
    parser.destroy(broken);
  };
  parser.on("field", (name, value) => {
    if (name === "path") saidPath = value;
  });
  parser.on("file", (_field, stream, info) => {
    const path = saidPath ?? info.filename ?? "";
    saidPath = null;
    const isWrong = path === "" || path.length > MAX_PATH;
    if (isWrong) stop(new ProblemError("invalid", "Every file of an upload needs a name."));
    const kept = keep(stream, path, join(folder, String(files.length)));
    kept.catch(stop);
    files.push(kept);
  });
  parser.on("filesLimit", () => stop(new ProblemError("too-large", `An upload has at most ${MAX_FILES} files.`)));
  request.once("close", () => {
    if (!request.complete) stop(new ProblemError("invalid", "The upload was broken off."));
  });
  const finished = pipeline(request, parser).catch((error: unknown) => stop(asError(error)));
  await finished;
  const settled = await Promise.allSettled(files);
  if (broken !== null) throw broken;
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

function openParser(request: IncomingMessage): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      preservePath: true,
      defParamCharset: "utf8",
      limits: { files: MAX_FILES, fields: MAX_FILES, fieldSize: MAX_PATH, parts: 2 * MAX_FILES },
    });
  } catch {
    throw new ProblemError("invalid", "Send the files as multipart/form-data.");
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** What to tell of an error that came from the disk or from the parser. */
function explained(error: unknown): unknown {
  if (error instanceof ProblemError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (["ENOSPC", "EDQUOT", "SQLITE_FULL"].includes(code)) {
    return new ProblemError("unavailable", "The disk of the data directory is full; free some space and upload again.");
  }
  const isParser = error instanceof Error && /unexpected end of form|malformed part|boundary/i.test(error.message);
  return isParser
    ? new ProblemError("invalid", "The upload is not complete or not well formed; send it again.")
    : error;
}

/**
 * Receives all files of a request into a new folder below `tmp` (on the file system of the store, for renames), hands
 * them to `use`, and removes the folder whatever happens. At least one file is needed.
 */
export async function receiveFiles<T>(
  request: IncomingMessage,
  tmp: string,
  use: (files: readonly ReceivedFile[]) => Promise<T>,
): Promise<T> {
  await mkdir(tmp, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(tmp, "upload-"));
  try {
    const files = await parse(request, folder);
    if (files.length === 0) throw new ProblemError("invalid", "There is no file in this upload.");
    return await use(files);
  } catch (error) {
    throw explained(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
