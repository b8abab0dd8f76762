/** A server for the command's tests: the API and the uploads over a real socket, without pages and without an engine. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { answerTrpc } from "@/server/api/handler";
import { owner } from "@/server/auth/identity";
import { HTTP_STATUS, ProblemError } from "@/server/domain/problem-error";
import { answerFile } from "@/server/http/routes";
import { type TestServices, testServices } from "@/server/services/testing";
import type { Terminal } from "./output";
import { runCommand } from "./program";

const TOKEN = "token-of-the-test";

export interface CliServer {
  readonly services: TestServices;
  /** Environment of a command that talks to this server. */
  readonly env: { readonly [name: string]: string };
  /** A folder to stand in, empty at first. */
  readonly folder: string;
  readonly close: () => Promise<void>;
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
  return new Request(`http://localhost${incoming.url}`, { method: incoming.method ?? "GET", headers, ...body });
}

async function answer(services: TestServices, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
  if (request.url?.startsWith("/api/trpc/")) {
    const identity = isKnown ? owner("bearer") : null;
    const answered = await answerTrpc(await toRequest(request), { services: services.context, identity });
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    if (answered.body === null) response.end();
    else Readable.fromWeb(answered.body as Parameters<typeof Readable.fromWeb>[0]).pipe(response);
    return;
  }
  if (!isKnown) throw new ProblemError("unauthenticated", "no token");
  if (!(await answerFile(() => services.context, owner("bearer"), request, response))) response.writeHead(404).end();
}

/** Starts the server on a free port of the loopback. */
export async function cliServer(): Promise<CliServer> {
  const services = testServices();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "penstock-cli-")));
  const server = createServer((request, response) => {
    answer(services, request, response).catch((error: unknown) => {
      const code = error instanceof ProblemError ? error.code : "unavailable";
      const { message, problems } = error instanceof ProblemError ? error : { message: String(error), problems: [] };
      response.writeHead(HTTP_STATUS[code], { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { code, message, problems } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    services,
    folder,
    env: { HOME: services.context.dataDir.home, PENSTOCK_URL: `http://127.0.0.1:${port}`, PENSTOCK_TOKEN: TOKEN },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      services.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  readonly json: () => { [key: string]: never };
}

/** Runs the command in this process and gives what it printed. */
export async function ran(
  args: readonly string[],
  where: {
    readonly env: { readonly [name: string]: string };
    readonly cwd: string;
    readonly stdin?: string;
    /** None when it is left out. */
    readonly terminal?: Terminal;
    /** What is printed, as it is. */
    readonly hears?: (chunk: string) => void;
  },
): Promise<Ran> {
  const text = { out: "", err: "" };
  const exit = await runCommand(args, {
    env: where.env,
    cwd: where.cwd,
    stdout: (chunk) => {
      text.out += chunk;
      where.hears?.(chunk);
    },
    stderr: (chunk) => {
      text.err += chunk;
      where.hears?.(chunk);
    },
    stdoutBytes: async (bytes) => {
      text.out += Buffer.from(bytes).toString("utf8");
    },
    stdin: async () => where.stdin ?? "",
    terminal: where.terminal ?? { stdout: null, stderr: null },
  });
  return { exit, ...text, json: () => JSON.parse(text.out) };
}

/** Runs the command with `--json` in the server's folder and reads what it printed. */
export async function ranAsJson({ env, folder }: CliServer, args: readonly string[]) {
  const { exit, out } = await ran([...args, "--json"], { env, cwd: folder });
  return { exit, json: out === "" ? null : JSON.parse(out) };
}
