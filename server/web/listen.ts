/** Binds the listener to every address of the settings, and lets go of it in order. */
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";

const HEADER_TIMEOUT_MS = 10_000;
/** A 2 GiB upload over a slow line; without a credential no body is read at all. */
const REQUEST_TIMEOUT_MS = 60 * 60_000;

export interface Listening {
  readonly servers: readonly Server[];
  /** Takes no more requests, ends streams, lets answers finish for `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

/** A stream of changes has no end of its own. */
const isStream = (response: ServerResponse): boolean =>
  `${response.req.headers.accept} ${response.getHeader("content-type")}`.includes("text/event-stream");

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}

/** Whether this machine has no such address at all, as one without IPv6 has no `::1`. */
export const isMissingAddress = (error: unknown): boolean =>
  error instanceof Error && "code" in error && ["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(String(error.code));

/**
 * Listens on all `hosts` at one port; of several, those that the machine does not have are left out. Throws what
 * `listen` throws when an address is taken.
 */
export async function listen(handler: RequestListener, hosts: readonly string[], port: number): Promise<Listening> {
  const open = new Set<ServerResponse>();
  const servers: Server[] = [];
  let isClosing = false;
  const tracked: RequestListener = (request, response) => {
    open.add(response);
    response.once("close", () => open.delete(response));
    if (isClosing) response.setHeader("Connection", "close");
    handler(request, response);
  };
  for (const host of hosts) {
    const server = createServer({ maxHeaderSize: 32 * 1024, connectionsCheckingInterval: 2_000 }, tracked);
    server.headersTimeout = HEADER_TIMEOUT_MS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.keepAliveTimeout = 30_000;
    server.maxHeadersCount = 100;
    try {
      await listenOn(server, host, port);
      servers.push(server);
    } catch (error) {
      if (hosts.length > 1 && isMissingAddress(error)) continue;
      for (const other of servers) other.close();
      throw error;
    }
  }
  if (servers.length === 0) throw new Error(`this machine has none of the addresses ${hosts.join(", ")}`);
  return {
    servers,
    async close(graceMs) {
      isClosing = true;
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      for (const response of open) {
        if (isStream(response)) response.destroy();
        else if (!response.headersSent) response.setHeader("Connection", "close");
      }
      for (const server of servers) server.closeIdleConnections();
      const cut = setTimeout(() => {
        for (const server of servers) server.closeAllConnections();
      }, graceMs);
      await Promise.all(closed);
      clearTimeout(cut);
    },
  };
}
