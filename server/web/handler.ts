/** The one listener of the web server: the gate first, then what this server answers itself, then the pages. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { HTTP_STATUS, ProblemError } from "@/server/domain/problem-error";
import { answerFile } from "@/server/http/routes";
import type { Log } from "@/server/platform/log";
import type { Context } from "@/server/services/context";
import { countRuns } from "@/server/services/runs/count-runs";
import { getStatus } from "@/server/services/system/get-status";
import { limitBody } from "./body-limit";
import { type GatePolicy, judge, type Verdict } from "./gate";
import { dropClaims, pagePolicy, secureResponse } from "./headers";
import { answerHealth } from "./health";
import { metricsText } from "./metrics";
import { sendError, sendText } from "./replies";
import { answerSession } from "./session-routes";

export interface HandlerParts {
  readonly policy: GatePolicy;
  /** Opened when first asked for. */
  readonly context: () => Context;
  /** Everything that is a page or a route handler of one. */
  readonly pages: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly isDevelopment: boolean;
  readonly now: () => Date;
  readonly log: Log;
}

type Passed = Extract<Verdict, { kind: "pass" }>;

/** A request listener that never throws and leaves no request without an answer. */
export function requestHandler(parts: HandlerParts): RequestListener {
  return (request, response) => {
    dropClaims(request);
    secureResponse(response);
    response.on("error", () => {});
    const verdict = judge(
      parts.policy,
      { method: request.method ?? "", target: request.url ?? "", headers: request.headers },
      parts.now(),
    );
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
    limitBody(request, verdict.bodyLimit, () => {
      answerFailure(parts, verdict, request, response, tooLarge);
      response.once("close", () => request.destroy());
    });
    answer(parts, verdict, request, response).catch((error: unknown) =>
      answerFailure(parts, verdict, request, response, error),
    );
  };
}

async function answer(
  parts: HandlerParts,
  verdict: Passed,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { area, path, identity } = verdict;
  const { context, now } = parts;
  if (area === "health") return answerHealth(path, () => getStatus(context()), now(), request, response);
  if (area === "session" || area === "api") {
    const session = { credentials: parts.policy.credentials, db: () => context().db, now };
    if (await answerSession(session, identity, path, request, response)) return;
    if (path === "/metrics") return answerMetrics(context(), request, response);
    if (await answerFile(context, request, response)) return;
  }
  const nonce = randomBytes(16).toString("base64");
  const policy = pagePolicy(nonce, parts.isDevelopment);
  request.headers["content-security-policy"] = policy;
  request.headers["x-nonce"] = nonce;
  response.setHeader("Content-Security-Policy", policy);
  await parts.pages(request, response);
}

async function answerMetrics(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = metricsText(await getStatus(context), await countRuns(context, {}), process.memoryUsage());
  sendText(request, response, 200, text);
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
