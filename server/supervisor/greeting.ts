/** What the terminal says about a server that is up. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "@/server/platform/env";
import { programRoot } from "@/server/platform/root";
import type { ServerFile } from "@/server/platform/server-file";

const version = (): string => JSON.parse(readFileSync(join(programRoot(), "package.json"), "utf8")).version;

const openLine = (settings: Settings, link: string): string =>
  `  Open    ${link}${settings.auth === "off" ? "" : "   (good once, for 10 minutes)"}`;

/** The lines after a start: where to go, how a program connects, where the data is, how to stop. */
export function greeting(settings: Settings, server: ServerFile, link: string): string {
  const token = settings.auth === "off" ? "" : `, existing_token="${server.token}"`;
  return [
    `Penstock ${version()} is running at ${server.address}`,
    "",
    openLine(settings, link),
    `  Python  kfp.Client(host="${server.address}"${token})`,
    `  Data    ${settings.home}`,
    "  Stop    Ctrl-C",
  ].join("\n");
}

/** The lines of a second start on the same data directory. */
export const runningAlready = (settings: Settings, server: ServerFile, link: string): string =>
  [
    `Penstock is already running at ${server.address} (data directory ${settings.home}).`,
    "",
    openLine(settings, settings.auth === "off" ? server.address : link),
  ].join("\n");
