/** Finds out who sends a request: from its headers alone, and the same for pages, API, streams and files. */
import type { IncomingHttpHeaders } from "node:http";
import type { TokenFinder } from "./api-tokens";
import { type Credentials, isSameSecret } from "./credentials";
import { type Identity, owner } from "./identity";
import { isSession, sessionsIn } from "./session";

/** What opens the door: the server's own credentials, and API tokens. */
export interface Door {
  readonly credentials: Credentials;
  readonly findToken: TokenFinder;
}

/** The bearer token of an `Authorization` header, null when it holds none. */
const bearerOf = (authorization: string | null | undefined): string | null =>
  /^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? null;

const header = (headers: Headers | IncomingHttpHeaders, name: "authorization" | "cookie"): string | null =>
  headers instanceof Headers ? headers.get(name) : (headers[name] ?? null);

/** The sender at this door. A bearer token that is wrong is never made up for by a cookie. */
export function identifyBy(door: Door, headers: Headers | IncomingHttpHeaders, now: Date): Identity | null {
  const { credentials, findToken } = door;
  const bearer = bearerOf(header(headers, "authorization"));
  if (bearer !== null && isSameSecret(bearer, credentials.token)) return owner("bearer");
  const holder = bearer === null ? null : findToken(bearer, now);
  if (holder !== null) return holder;
  if (credentials.mode === "off") return owner("off");
  if (bearer !== null) return null;
  const isSignedIn = sessionsIn(header(headers, "cookie") ?? "").some((value) => isSession(credentials, value, now));
  return isSignedIn ? owner("cookie") : null;
}
