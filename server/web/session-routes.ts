/** Signing in and out: exchanges a one-time code or the token for a session cookie, and makes new codes. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { Db } from "@/db/client";
import { type Credentials, isSameSecret } from "@/server/auth/credentials";
import type { Identity } from "@/server/auth/identity";
import { endedSessionCookie, makeSession, sessionCookie } from "@/server/auth/session";
import { issueSignInCode, redeemSignInCode } from "@/server/auth/sign-in-codes";
import { ProblemError } from "@/server/domain/problem-error";
import { readJson } from "@/server/http/read-json";
import { sendJson } from "./replies";

const SignIn = z.union([
  z.strictObject({ code: z.string().min(1).max(200) }),
  z.strictObject({ token: z.string().min(1).max(1000) }),
]);

/** Behind a proxy that speaks HTTPS the browser's own origin says so. */
const isSecure = (request: IncomingMessage): boolean => request.headers.origin?.startsWith("https://") ?? false;

interface SessionParts {
  readonly credentials: Credentials;
  readonly db: () => Db;
  readonly now: () => Date;
}

interface SessionCall {
  readonly parts: SessionParts;
  readonly identity: Identity | null;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A code or the token in, a cookie out. */
async function signIn({ parts, request, response }: SessionCall): Promise<void> {
  const { credentials } = parts;
  const given = await readJson(request, SignIn);
  const isRight =
    "code" in given
      ? await redeemSignInCode(parts.db(), given.code, parts.now())
      : isSameSecret(given.token, credentials.token);
  if (!isRight) {
    throw new ProblemError(
      "unauthenticated",
      "code" in given
        ? "This link has been used or is older than ten minutes. Run `npx penstock up` again for a new one."
        : "This is not the server's token. It is in server.json in the data directory.",
    );
  }
  response.setHeader("Set-Cookie", sessionCookie(makeSession(credentials, parts.now()), isSecure(request)));
  sendJson(request, response, 200, {});
}

/** Forgets the cookie. */
async function signOut({ request, response }: SessionCall): Promise<void> {
  response.setHeader("Set-Cookie", endedSessionCookie(isSecure(request)));
  sendJson(request, response, 200, {});
}

/** A new code and its link; only for the server's own token, as a session would outlive an API token. */
async function newCode({ parts, identity, request, response }: SessionCall): Promise<void> {
  if (identity === null || identity.via === "cookie" || identity.tokenKey !== null) {
    throw new ProblemError(
      "forbidden",
      "Codes are made with the server's own token only; run `npx penstock up` again for a new one.",
    );
  }
  const code = await issueSignInCode(parts.db(), parts.now());
  sendJson(request, response, 200, { code, url: `http://${request.headers.host ?? ""}/sign-in?code=${code}` });
}

interface SessionRoute {
  readonly method: "POST" | "DELETE";
  readonly path: string;
  readonly answer: (call: SessionCall) => Promise<void>;
}

export const SESSION_ROUTES: readonly SessionRoute[] = [
  { method: "POST", path: "/api/session", answer: signIn },
  { method: "DELETE", path: "/api/session", answer: signOut },
  { method: "POST", path: "/api/sign-in-codes", answer: newCode },
];

/** Answers the requests about sessions; false when the request is not one. */
export async function answerSession(
  parts: SessionParts,
  identity: Identity | null,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const route = SESSION_ROUTES.find((each) => each.path === path && each.method === request.method);
  await route?.answer({ parts, identity, request, response });
  return route !== undefined;
}
