/** The web process: Node's own http server around the pages, started and ended by the supervisor. */
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import next from "next";
import { tokenFinder } from "@/server/auth/api-tokens";
import { serverCredentials } from "@/server/auth/credentials";
import { readEnv } from "@/server/platform/env";
import { roomLog } from "@/server/platform/log";
import { programRoot } from "@/server/platform/root";
import { closeServerContext, serverContext } from "@/server/services/runtime";
import { requestHandler } from "./handler";
import { answeredHosts } from "./hosts";
import { listen } from "./listen";
import { guardUpgrades } from "./upgrades";
import { answerApi } from "./web-apis";

const DRAIN_MS = 5_000;

/** Files of `public/` and those that the framework makes of icons, by their exact address. */
const publicFiles = (): ReadonlySet<string> =>
  new Set(["/favicon.ico", ...readdirSync(`${programRoot()}/public`, { recursive: true }).map((file) => `/${file}`)]);

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: { host: { type: "string" }, insecure: { type: "boolean" }, dev: { type: "boolean", default: false } },
  });
  const settings = readEnv(process.env, flags);
  // Left to itself the framework would answer upgrades on our server, past the gate; it is given this one, which never
  // listens, and in development gets there what the gate lets in (its own `getUpgradeHandler` knows no reload).
  const behindGate = createServer();
  const pages = next({
    dev: flags.dev,
    dir: programRoot(),
    hostname: settings.hosts[0],
    port: settings.port,
    httpServer: behindGate,
  });
  await pages.prepare();
  const policy = {
    credentials: serverCredentials(),
    findToken: tokenFinder(() => serverContext().db),
    hosts: answeredHosts(settings),
    publicFiles: publicFiles(),
  };
  const handle = pages.getRequestHandler();
  const handler = requestHandler({
    policy,
    context: serverContext,
    apis: answerApi,
    pages: (request, response) => handle(request, response),
    isDevelopment: flags.dev,
    now: () => new Date(),
    log: roomLog("web"),
  });
  const listening = await listen(handler, settings.hosts, settings.port);
  guardUpgrades(
    listening.servers,
    policy,
    flags.dev ? async (request, socket, head) => void behindGate.emit("upgrade", request, socket, head) : null,
  );

  process.once("SIGTERM", () => {
    void listening
      .close(DRAIN_MS)
      .then(closeServerContext)
      .finally(() => process.exit(0));
  });
  process.send?.({ ready: true });
}

process.once("disconnect", () => process.exit(0));
main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  roomLog("web").fatal({ err: error }, "the web process could not start");
  if (process.send) process.send({ failed: message }, () => process.exit(1));
  else process.exit(1);
});
