/** Protocol upgrades: none in a built server; in development the framework's reload, behind the same gate. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type GatePolicy, judge } from "./gate";

type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;

/** Closes every upgrade that has no handler or that the gate does not let in. */
export function guardUpgrades(servers: readonly Server[], policy: GatePolicy, handler: UpgradeHandler | null): void {
  for (const server of servers) {
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const { method = "", url = "", headers } = request;
      const isIn = handler !== null && judge(policy, { method, target: url, headers }, new Date()).kind === "pass";
      socket.on("error", () => {});
      if (!isIn) socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
      else handler(request, socket, head).catch(() => socket.destroy());
    });
  }
}
