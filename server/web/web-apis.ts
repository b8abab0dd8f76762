/** tRPC and the Kubeflow API, answered beside the pages: both take a whole request and give a whole answer. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { answerTrpc } from "@/server/api/handler";
import type { Identity } from "@/server/auth/identity";
import { answerKubeflow } from "@/server/rest/handler";
import type { Context } from "@/server/services/context";
import type { Area } from "./areas";

/** Below this, packing costs more than it saves on any line. */
const PACK_FROM_BYTES = 4_096;
const pack = promisify(gzip);

/** Whether a body is packed: where the client takes it, and where it has a line to go over. */
export function isPacked(bytes: number, takes: string | undefined, remoteAddress: string | undefined): boolean {
  const isHere = remoteAddress === "::1" || /^(::ffff:)?127\./.test(remoteAddress ?? "");
  return bytes >= PACK_FROM_BYTES && !isHere && /\bgzip\b/.test(takes ?? "");
}

/** The request as the APIs see it: its body streamed, and its end told to who works for it. */
function toRequest(incoming: IncomingMessage, response: ServerResponse): Request {
  const leaving = new AbortController();
  response.once("close", () => leaving.abort());
  const { method = "GET", url = "/", headers } = incoming;
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(`http://localhost${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    signal: leaving.signal,
    ...(hasBody && { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" }),
  });
}

const isJson = (answer: Response): boolean =>
  answer.headers.get("content-type")?.startsWith("application/json") === true;

/** Packed where it pays, on a thread of Node's own, so that nobody waits for it. */
async function sendWhole(body: Buffer, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers, socket } = incoming;
  response.setHeader("Vary", "Accept-Encoding");
  if (!isPacked(body.length, headers["accept-encoding"]?.toString(), socket.remoteAddress)) {
    response.setHeader("Content-Length", body.length);
    response.end(body);
    return;
  }
  const packed = await pack(body, { level: constants.Z_BEST_SPEED });
  response.setHeader("Content-Encoding", "gzip");
  response.setHeader("Content-Length", packed.length);
  response.end(packed);
}

/** Hands on each piece as it comes, no faster than the client takes them. A client that leaves is no error. */
async function sendPieces(body: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void> {
  response.flushHeaders();
  const pieces = body.getReader();
  const left = once(response, "close").catch(() => {});
  void left.then(() => pieces.cancel()).catch(() => {});
  try {
    for (let piece = await pieces.read(); !piece.done && !response.destroyed; piece = await pieces.read()) {
      if (!response.write(piece.value)) await Promise.race([once(response, "drain"), left]);
    }
    response.end();
  } catch {
    response.destroy();
  }
}

async function send(answer: Response, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  // A body that grew beyond its limit was answered while it was read.
  if (response.writableEnded || response.destroyed) return;
  if (!incoming.complete) response.setHeader("Connection", "close");
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  if (answer.body === null) response.end();
  else if (isJson(answer)) await sendWhole(Buffer.from(await answer.arrayBuffer()), incoming, response);
  else await sendPieces(answer.body, response);
}

/** Answers what belongs to one of the two APIs; false where it belongs to neither. */
export type AnswerApi = (
  context: () => Context,
  asked: { readonly area: Area; readonly identity: Identity | null },
  incoming: IncomingMessage,
  response: ServerResponse,
) => Promise<boolean>;

/** The two as they are. */
export const answerApi: AnswerApi = async (context, { area, identity }, incoming, response) => {
  if (area === "trpc") {
    const answer = await answerTrpc(toRequest(incoming, response), { services: context(), identity });
    await send(answer, incoming, response);
    return true;
  }
  if (area === "kubeflow" || area === "kubeflow-health") {
    const answer = await answerKubeflow(toRequest(incoming, response), { context, identity });
    await send(answer, incoming, response);
    return true;
  }
  return false;
};
