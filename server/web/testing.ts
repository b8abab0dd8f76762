/** A real web server for tests: real sockets, files and database; in place of the pages something that notes what gets through. */
import { randomBytes } from "node:crypto";
import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { makeSession } from "@/server/auth/session";
import { roomLog } from "@/server/platform/log";
import { type TestServices, testServices } from "@/server/services/testing";
import { requestHandler } from "./handler";
import { type Listening, listen } from "./listen";

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

/** Starts it on a free port of 127.0.0.1. */
export async function testWeb(mode: "token" | "off" = "token"): Promise<TestWeb> {
  const services = testServices();
  const credentials = { mode, token: TEST_TOKEN, key: randomBytes(32) };
  const seen: TestWeb["seen"] = [];
  const handler = requestHandler({
    policy: {
      credentials,
      hosts: new Set(["127.0.0.1", "localhost", "[::1]"]),
      publicFiles: new Set(["/favicon.svg"]),
    },
    context: () => services.context,
    pages: async (request, response) => {
      seen.push({ line: `${request.method} ${request.url}`, headers: { ...request.headers } });
      let bytes = 0;
      for await (const chunk of request) bytes += (chunk as Buffer).length;
      response.end(`page, ${bytes} bytes`);
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
