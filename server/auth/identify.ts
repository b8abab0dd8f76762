/** Who sends a request: decided from its headers alone, and the same for pages, API, streams and files. */
import type { IncomingHttpHeaders } from "node:http";
import { type Credentials, isSameSecret, serverCredentials } from "./credentials";
import { isSession, sessionsIn } from "./session";

/** A known sender. `via` says what proved it: only a bearer token is out of reach of a foreign page. */
export interface Identity {
  readonly name: string;
  readonly via: "bearer" | "cookie" | "off";
}

const LOCAL_USER = "local";

/** The bearer token of an `Authorization` header, null when it holds none. */
const bearerOf = (authorization: string | null | undefined): string | null =>
  /^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? null;

const header = (headers: Headers | IncomingHttpHeaders, name: "authorization" | "cookie"): string | null =>
  headers instanceof Headers ? headers.get(name) : (headers[name] ?? null);

/** The sender under these credentials. A bearer token that is wrong is never made up for by a cookie. */
export function identifyBy(
  credentials: Credentials,
  headers: Headers | IncomingHttpHeaders,
  now: Date,
): Identity | null {
  const bearer = bearerOf(header(headers, "authorization"));
  if (bearer !== null && isSameSecret(bearer, credentials.token)) return { name: LOCAL_USER, via: "bearer" };
  if (credentials.mode === "off") return { name: LOCAL_USER, via: "off" };
  if (bearer !== null) return null;
  const isSignedIn = sessionsIn(header(headers, "cookie") ?? "").some((value) => isSession(credentials, value, now));
  return isSignedIn ? { name: LOCAL_USER, via: "cookie" } : null;
}

/** The sender of a request to this process, null without a valid credential. */
export const identify = (headers: Headers | IncomingHttpHeaders): Identity | null =>
  identifyBy(serverCredentials(), headers, new Date());
