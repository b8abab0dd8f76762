/** What opens this server: its token, the key that signs sessions, and whether anyone has to show either. */
import { createHash, timingSafeEqual } from "node:crypto";
import { readEnv } from "@/server/platform/env";
import { secretKey } from "@/server/platform/secret-key";
import { readServerFile } from "@/server/platform/server-file";

export interface Credentials {
  readonly mode: "token" | "off";
  readonly token: string;
  readonly key: Uint8Array;
}

/** SHA-256 of a text. */
export const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Whether two texts are equal, in a time that tells nothing about where they differ. */
export const isSameSecret = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));

declare global {
  var penstockCredentials: Credentials | undefined;
}

/** The credentials of this process, read once; on globalThis because Next has several module graphs. */
export function serverCredentials(): Credentials {
  if (globalThis.penstockCredentials === undefined) {
    const settings = readEnv(process.env);
    const token = settings.token ?? readServerFile(settings.home)?.token;
    if (token === undefined) throw new Error("there is no server.json yet; start the server with `npm start`");
    globalThis.penstockCredentials = { mode: settings.auth, token, key: secretKey(settings.home) };
  }
  return globalThis.penstockCredentials;
}
