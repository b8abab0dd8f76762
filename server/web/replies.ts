/** Short answers of the server itself, in the shape that each kind of client reads. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErrorCode, ProblemError } from "@/server/domain/problem-error";
import type { Area } from "./areas";

/** Code of a gRPC status and of tRPC's JSON-RPC for each of our codes. */
const CODES: { readonly [code in ErrorCode]: { readonly grpc: number; readonly rpc: number; readonly trpc: string } } =
  {
    invalid: { grpc: 3, rpc: -32600, trpc: "BAD_REQUEST" },
    unauthenticated: { grpc: 16, rpc: -32001, trpc: "UNAUTHORIZED" },
    forbidden: { grpc: 7, rpc: -32003, trpc: "FORBIDDEN" },
    "not-found": { grpc: 5, rpc: -32004, trpc: "NOT_FOUND" },
    conflict: { grpc: 6, rpc: -32009, trpc: "CONFLICT" },
    refused: { grpc: 9, rpc: -32022, trpc: "UNPROCESSABLE_CONTENT" },
    "too-large": { grpc: 8, rpc: -32013, trpc: "PAYLOAD_TOO_LARGE" },
    unavailable: { grpc: 14, rpc: -32603, trpc: "SERVICE_UNAVAILABLE" },
  };

interface ErrorReply {
  readonly area: Area;
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly problems?: ProblemError["problems"];
}

function errorBody({ area, status, code, message, problems = [] }: ErrorReply): object {
  const { grpc, rpc, trpc } = CODES[code];
  if (area === "kubeflow" || area === "kubeflow-health") {
    return {
      code: grpc,
      message,
      details: [{ "@type": "type.googleapis.com/google.rpc.Status", code: grpc, message }],
    };
  }
  const problem = { code, message, problems };
  if (area === "trpc") return { error: { message, code: rpc, data: { code: trpc, httpStatus: status, problem } } };
  return { error: problem };
}

/** Answers with JSON. A body that was not read to its end closes the connection, so that it need not be. */
export function sendJson(request: IncomingMessage, response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (!request.complete) response.setHeader("Connection", "close");
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": text.length,
    "Cache-Control": "no-store",
  });
  response.end(request.method === "HEAD" ? undefined : text);
}

/** Answers with an error in the area's own shape. */
export function sendError(request: IncomingMessage, response: ServerResponse, error: ErrorReply): void {
  if (error.status === 401 && !response.headersSent) response.setHeader("WWW-Authenticate", "Bearer");
  sendJson(request, response, error.status, errorBody(error));
}

/** Answers with text, plain unless `type` says otherwise. */
export function sendText(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  type = "text/plain",
): void {
  response.writeHead(status, { "Content-Type": `${type}; charset=utf-8`, "Cache-Control": "no-store" });
  response.end(request.method === "HEAD" ? undefined : text);
}
