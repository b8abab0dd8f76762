/** The session cookie: signed, without state on the server, bound to the token, so that a new token ends all sessions. */
import { createHmac, randomBytes } from "node:crypto";
import { type Credentials, isSameSecret, sha256 } from "./credentials";

const COOKIE = "penstock_session";
const LIFETIME_MS = 90 * 24 * 3600 * 1000;

function sign(credentials: Credentials, payload: string): string {
  const bound = `session\n${sha256(credentials.token).toString("hex")}\n${payload}`;
  return createHmac("sha256", credentials.key).update(bound).digest("base64url");
}

/** A new session's value: when it ends, something random, and the signature over both. */
export function makeSession(credentials: Credentials, now: Date): string {
  const payload = `${(now.getTime() + LIFETIME_MS).toString(36)}.${randomBytes(16).toString("base64url")}`;
  return `${payload}.${sign(credentials, payload)}`;
}

/** Whether `value` was made here for the present token and has not ended. */
export function isSession(credentials: Credentials, value: string, now: Date): boolean {
  const [ends, random, signature, ...rest] = value.split(".");
  if (!ends || !random || !signature || rest.length > 0) return false;
  return isSameSecret(signature, sign(credentials, `${ends}.${random}`)) && Number.parseInt(ends, 36) > now.getTime();
}

const attributes = (isSecure: boolean) => `Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;

/** `Set-Cookie` that signs a browser in. */
export const sessionCookie = (value: string, isSecure: boolean): string =>
  `${COOKIE}=${value}; ${attributes(isSecure)}; Max-Age=${LIFETIME_MS / 1000}`;

/** `Set-Cookie` that signs a browser out. */
export const endedSessionCookie = (isSecure: boolean): string => `${COOKIE}=; ${attributes(isSecure)}; Max-Age=0`;

/** The session values in a `Cookie` header; other cookies of the same host are none of ours. */
export function sessionsIn(cookieHeader: string): readonly string[] {
  return cookieHeader
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${COOKIE}=`))
    .map((pair) => pair.slice(COOKIE.length + 1));
}
