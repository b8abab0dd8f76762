/** The one listener of the web server: the gate first, then what this server answers itself, then the pages. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { identifyBy } from "@/server/auth/identify";
import { HTTP_STATUS, ProblemError } from "@/server/domain/problem-error";
import { answerPod } from "@/server/http/pod-files";
import { answerFile } from "@/server/http/routes";
import type { Log } from "@/server/platform/log";
import type { Context } from "@/server/services/context";
import { getFigures } from "@/server/services/system/get-figures";
import { getStatus } from "@/server/services/system/get-status";
import { areaOf, pathOf } from "./areas";
import { limitBody } from "./body-limit";
import { endWithCredential } from "./credential-watch";
import { type GatePolicy, judge, type Verdict } from "./gate";
import { dropClaims, pagePolicy, secureResponse } from "./headers";
import { answerHealth } from "./health";
import { WebMetrics } from "./metrics";
import { sendError, sendText } from "./replies";
import { answerSession } from "./session-routes";
import type { AnswerApi } from "./web-apis";

export interface HandlerParts {
  readonly policy: GatePolicy;
  /** Opened when first asked for. */
  readonly context: () => Context;
  /** tRPC and the Kubeflow API. */
  readonly apis: AnswerApi;
  /** Everything that is a page or a route handler of one. */
  readonly pages: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly isDevelopment: boolean;
  readonly now: () => Date;
  readonly log: Log;
}

type Passed = Extract<Verdict, { kind: "pass" }>;

/** A request listener that never throws and leaves no request without an answer. */
export function requestHandler(parts: HandlerParts): RequestListener {
  const metrics = new WebMetrics();
  return (request, response) => {
    dropClaims(request);
    secureResponse(response);
    response.on("error", () => {});
    metrics.watch(request, response, areaOf(pathOf(request.url ?? ""), parts.policy.publicFiles));
    const verdict = judged(parts, request);
    if (verdict.kind === "refuse") {
      sendError(request, response, verdict);
      return;
    }
    if (verdict.kind === "sign-in") {
      response.writeHead(307, { Location: verdict.location, "Cache-Control": "no-store" }).end();
      return;
    }
    const tooLarge = new ProblemError(
      "too-large",
      `The body is larger than the ${verdict.bodyLimit} bytes that are read here.`,
    );
    if (verdict.identity !== null) endWithCredential(response, () => isStillKnown(parts, request));
    limitBody(request, verdict.bodyLimit, () => {
      answerFailure(parts, verdict, request, response, tooLarge);
      response.once("close", () => request.destroy());
    });
    answer(parts, metrics, verdict, request, response).catch((error: unknown) =>
      answerFailure(parts, verdict, request, response, error),
    );
  };
}

/** The gate's verdict; a database that does not answer lets nobody in, and must not end the process. */
function judged(parts: HandlerParts, request: IncomingMessage): Verdict {
  const { method = "", url: target = "", headers } = request;
  try {
    return judge(parts.policy, { method, target, headers }, parts.now());
  } catch (error) {
    parts.log.error({ err: error }, "a credential could not be looked up");
    const message = "The database does not answer, so nobody can be let in. Try again later.";
    return { kind: "refuse", area: "api", status: 503, code: "unavailable", message };
  }
}

function isStillKnown(parts: HandlerParts, request: IncomingMessage): boolean {
  try {
    return identifyBy(parts.policy, request.headers, parts.now()) !== null;
  } catch {
    return true;
  }
}

async function answer(
  parts: HandlerParts,
  metrics: WebMetrics,
  verdict: Passed,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { area, path, identity } = verdict;
  const { context, now } = parts;
  if (area === "health") return answerHealth(path, () => getStatus(context()), now(), request, response);
  if (area === "pod") return answerPod(context().dataDir, request, response);
  if (area === "session" || area === "api") {
    const session = { credentials: parts.policy.credentials, db: () => context().db, now };
    if (await answerSession(session, identity, path, request, response)) return;
    if (path === "/metrics") return answerMetrics(context(), metrics, request, response);
    if (identity !== null && (await answerFile(context, identity, request, response))) return;
  }
  if (await parts.apis(context, verdict, request, response)) return;
  const nonce = randomBytes(16).toString("base64");
  const policy = pagePolicy(nonce, parts.isDevelopment);
  request.headers["content-security-policy"] = policy;
  request.headers["x-nonce"] = nonce;
  response.setHeader("Content-Security-Policy", policy);
  await parts.pages(request, response);
}

async function answerMetrics(
  context: Context,
  metrics: WebMetrics,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  sendText(request, response, 200, await metrics.text(await getFigures(context)), "text/plain; version=0.0.4");
}

/** The one mapping of errors: ours by their code, the rest are logged and say nothing of themselves. */
function answerFailure(
  parts: HandlerParts,
  verdict: Passed,
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): void {
  if (response.destroyed || response.writableEnded) return;
  if (error instanceof ProblemError) {
    const { code, message, problems } = error;
    sendError(request, response, { area: verdict.area, status: HTTP_STATUS[code], code, message, problems });
    return;
  }
  parts.log.error({ err: error, path: verdict.path }, "a request failed");
  sendError(request, response, {
    area: verdict.area,
    status: 500,
    code: "unavailable",
    message: "Internal error",
  });
}
