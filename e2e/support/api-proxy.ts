/** Stands before a cluster's API server and makes it fail as such servers do: cut, expired, busy, down. */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { request } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { parse } from "yaml";
import { MARKS } from "@/server/engine/executors/kubernetes/pod";

export interface Asked {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly isWatch: boolean;
  /** Name of the pod that was to be made. */
  readonly pod: string | null;
  /** The attempt that it was for, by its folder. */
  readonly attempt: string | null;
  status: number;
  /** Uid of the pod that was made. */
  uid: string | null;
}

export interface ApiProxy {
  readonly url: string;
  /** Everything that was asked, in order. */
  readonly asked: readonly Asked[];
  /** Breaks the connections of all watches and logs, or of everything. */
  cut(what: "streams" | "all"): void;
  /** Does not answer any more, or again. */
  setDown(isDown: boolean): void;
  /** The next watches are told that their version is too old, half of them in the stream. */
  expire(count: number): void;
  /** The next requests to make pods are answered with this status, whether or not the pod was made first. */
  refuse(
    count: number,
    how: { readonly status: number; readonly retryAfter?: number; readonly isMade?: boolean },
  ): void;
  close(): void;
}

const dataOf = (text: string): string => Buffer.from(text, "base64").toString();

/** Starts the proxy before the cluster of a kubeconfig. */
export async function startApiProxy(kubeconfig: string): Promise<ApiProxy> {
  const { clusters, users } = parse(readFileSync(kubeconfig, "utf8"));
  const { server: target, "certificate-authority-data": ca } = clusters[0].cluster;
  const { "client-certificate-data": cert, "client-key-data": key } = users[0].user;
  const tls = { ca: dataOf(ca), cert: dataOf(cert), key: dataOf(key) };
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const streams = new Set<ServerResponse>();
  const refusals: { status: number; retryAfter?: number; isMade?: boolean }[] = [];
  let isDown = false;
  let expiring = 0;

  const status = (response: ServerResponse, code: number, reason: string, headers = {}): void => {
    response.writeHead(code, { "Content-Type": "application/json", ...headers });
    response.end(JSON.stringify({ kind: "Status", code, reason, message: `${reason}, by the proxy` }));
  };

  const forward = (from: IncomingMessage, body: Buffer, entry: Asked, response: ServerResponse, isAnswered: boolean) =>
    new Promise<void>((resolve) => {
      const sent = request(`${target}${from.url}`, {
        ...tls,
        method: from.method,
        headers: { ...from.headers, host: new URL(target).host },
      });
      sent.on("error", () => {
        response.destroy();
        resolve();
      });
      sent.on("response", (answer) => {
        entry.status = answer.statusCode ?? 0;
        if (isAnswered) response.writeHead(entry.status, answer.headers);
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => {
          if (entry.pod !== null) chunks.push(chunk);
          if (isAnswered && !response.destroyed) response.write(chunk);
        });
        answer.on("error", () => response.destroy());
        answer.on("end", () => {
          if (entry.pod !== null && entry.status === 201)
            entry.uid = JSON.parse(Buffer.concat(chunks).toString()).metadata.uid;
          if (isAnswered) response.end();
          resolve();
        });
      });
      response.on("close", () => sent.destroy());
      sent.end(body);
    });

  const server = createServer(async (from, response) => {
    const url = new URL(from.url ?? "/", "http://x");
    const chunks: Buffer[] = [];
    for await (const chunk of from) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const isWatch = url.searchParams.has("watch");
    const makes = from.method === "POST" && url.pathname.endsWith("/pods");
    const made = makes ? JSON.parse(body.toString()).metadata : null;
    const entry: Asked = {
      atMs: Date.now(),
      method: from.method ?? "",
      path: url.pathname,
      isWatch,
      pod: made?.name ?? null,
      attempt: made?.annotations?.[MARKS.directory] ?? null,
      status: 0,
      uid: null,
    };
    asked.push(entry);
    if (isWatch && expiring > 0) {
      expiring -= 1;
      if (expiring % 2 === 0) return status(response, 410, "Expired");
      response.end(`${JSON.stringify({ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } })}\n`);
      return;
    }
    const refusal = makes ? refusals.shift() : undefined;
    if (refusal !== undefined) {
      if (refusal.isMade) await forward(from, body, entry, response, false);
      entry.status = refusal.status;
      if (refusal.status === 0) return void response.destroy();
      return status(
        response,
        refusal.status,
        "TooManyRequests",
        refusal.retryAfter === undefined ? {} : { "Retry-After": String(refusal.retryAfter) },
      );
    }
    if (isWatch || url.searchParams.has("follow")) {
      streams.add(response);
      response.on("close", () => streams.delete(response));
    }
    await forward(from, body, entry, response, true);
  });
  server.on("connection", (socket) => {
    if (isDown) return void socket.destroy();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut: ApiProxy["cut"] = (what) => {
    for (const one of what === "all" ? sockets : streams) one.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    cut,
    setDown(down) {
      isDown = down;
      if (down) cut("all");
    },
    expire: (count) => {
      expiring = count;
      cut("streams");
    },
    refuse: (count, how) => refusals.push(...Array.from({ length: count }, () => how)),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A kubeconfig that leads to the proxy. */
export const proxiedConfig = (url: string, namespace: string): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "proxy",
    contexts: [{ name: "proxy", context: { cluster: "proxy", namespace } }],
    clusters: [{ name: "proxy", cluster: { server: url } }],
    users: [],
  });
