/** Prepares the data directory: its folder, the token, the key, and nothing left of uploads that were broken off. */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { dataDir } from "@/server/platform/data-dir";
import type { Settings } from "@/server/platform/env";
import { secretKey } from "@/server/platform/secret-key";
import { readServerFile, type ServerFile, writeServerFile } from "@/server/platform/server-file";

const ANYWHERE: { readonly [host: string]: string } = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** The address under which clients on this machine reach the server. */
function addressOf(settings: Pick<Settings, "hosts" | "port">): string {
  const host = ANYWHERE[settings.hosts[0]] ?? settings.hosts[0];
  return `http://${host.includes(":") ? `[${host}]` : host}:${settings.port}`;
}

/** Makes the folder, readable by its owner only. */
export function makeHome(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chmodSync(home, 0o700);
}

/** Writes `server.json` with the token that is already there, the one of the settings, or a new one. */
export function announce(settings: Settings): ServerFile {
  const token = settings.token ?? readServerFile(settings.home)?.token ?? randomBytes(32).toString("base64url");
  const file = { address: addressOf(settings), token, pid: process.pid };
  writeServerFile(settings.home, file);
  secretKey(settings.home);
  return file;
}

/** Removes what uploads left that a kill broke off. */
export function clearUploads(home: string): void {
  const { tmp } = dataDir(home);
  mkdirSync(tmp, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(tmp)) {
    if (name.startsWith("upload-")) rmSync(join(tmp, name), { recursive: true, force: true });
  }
}
