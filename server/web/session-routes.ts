/** Signing in and out: exchanges a one-time code or the token for a session cookie, and makes new codes. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { Db } from "@/db/client";
import { type Credentials, isSameSecret } from "@/server/auth/credentials";
import type { Identity } from "@/server/auth/identify";
import { endedSessionCookie, makeSession, sessionCookie } from "@/server/auth/session";
import { issueSignInCode, redeemSignInCode } from "@/server/auth/sign-in-codes";
import { ProblemError } from "@/server/domain/problem-error";
import { readJson } from "./read-json";
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

/** `POST /api/session`: a code or the token in, a cookie out. */
async function signIn(parts: SessionParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
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

/** `DELETE /api/session`: forgets the cookie. */
function signOut(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("Set-Cookie", endedSessionCookie(isSecure(request)));
  sendJson(request, response, 200, {});
}

/** `POST /api/sign-in-codes`: a new code and the link that uses it; only for who has the token itself. */
async function newCode(
  parts: SessionParts,
  identity: Identity | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (identity?.via === "cookie") {
    throw new ProblemError(
      "forbidden",
      "Codes are made with the token only; run `npx penstock up` again for a new one.",
    );
  }
  const code = await issueSignInCode(parts.db(), parts.now());
  sendJson(request, response, 200, { code, url: `http://${request.headers.host ?? ""}/sign-in?code=${code}` });
}

/** Answers the requests about sessions; false when the request is not one. */
export async function answerSession(
  parts: SessionParts,
  identity: Identity | null,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (path === "/api/session" && request.method === "POST") await signIn(parts, request, response);
  else if (path === "/api/session" && request.method === "DELETE") signOut(request, response);
  else if (path === "/api/sign-in-codes" && request.method === "POST") {
    await newCode(parts, identity, request, response);
  } else return false;
  return true;
}
