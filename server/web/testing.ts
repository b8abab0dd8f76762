/** A real web server for tests: real sockets, files and database; in place of the pages something that notes what gets through. */
import { randomBytes } from "node:crypto";
import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import { tokenFinder } from "@/server/auth/api-tokens";
import type { Door } from "@/server/auth/identify";
import { makeSession } from "@/server/auth/session";
import { roomLog } from "@/server/platform/log";
import { type TestServices, testServices } from "@/server/services/testing";
import { requestHandler } from "./handler";
import { type Listening, listen } from "./listen";
import type { AnswerApi } from "./web-apis";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface TestWeb {
  readonly services: TestServices;
  readonly port: number;
  readonly listening: Listening;
  readonly bearer: { readonly authorization: string };
  readonly cookie: { readonly cookie: string };
  /** Method and target of what reached the pages, with the headers they saw. */
  readonly seen: { readonly line: string; readonly headers: IncomingHttpHeaders }[];
  /** Sends the target as it is, without any normalising. */
  ask(method: string, target: string, headers?: OutgoingHttpHeaders, body?: string | Buffer): Promise<Answer>;
  close(): Promise<void>;
}

export const TEST_TOKEN = "the-token-of-the-tests";

/** Stands in for the pages: tells how much of a body arrived. */
async function counting(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let bytes = 0;
  for await (const chunk of request) bytes += (chunk as Buffer).length;
  response.end(`page, ${bytes} bytes`);
}

/** Starts it on a free port of 127.0.0.1; without APIs, what is for them gets to the pages too. */
export async function testWeb(mode: "token" | "off" = "token", apis: AnswerApi = async () => false): Promise<TestWeb> {
  const services = testServices();
  const credentials = { mode, token: TEST_TOKEN, key: randomBytes(32) };
  const door: Door = { credentials, findToken: tokenFinder(() => services.context.db) };
  const seen: TestWeb["seen"] = [];
  const handler = requestHandler({
    policy: {
      ...door,
      hosts: new Set(["127.0.0.1", "localhost", "[::1]"]),
      publicFiles: new Set(["/favicon.svg"]),
    },
    context: () => services.context,
    apis,
    pages: async (request, response) => {
      seen.push({ line: `${request.method} ${request.url}`, headers: { ...request.headers } });
      await counting(request, response);
    },
    isDevelopment: false,
    now: services.context.now,
    log: roomLog("test"),
  });
  const listening = await listen(handler, ["127.0.0.1"], 0);
  const address = listening.servers[0]?.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return {
    services,
    port,
    listening,
    bearer: { authorization: `Bearer ${TEST_TOKEN}` },
    cookie: { cookie: `penstock_session=${makeSession(credentials, services.context.now())}` },
    seen,
    ask: (method, target, headers = {}, body) => ask(port, method, target, headers, body),
    async close() {
      await listening.close(0);
      services.close();
    },
  };
}

function ask(
  port: number,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders,
  body?: string | Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}
