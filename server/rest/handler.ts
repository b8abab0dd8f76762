/** Answers requests of Kubeflow clients: finds the operation, checks who asks, words every error as they know it. */
import { type Identity, requireFull } from "@/server/auth/identity";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "@/server/services/context";
import { errorResponse, isExpected, notFound, unimplemented } from "./errors";
import { ROUTES, type Route } from "./routes";

const BASE = "/apis/v2beta1";

interface Pattern {
  readonly segments: readonly string[];
  readonly verb: string | null;
  readonly route: Route;
}

/** Splits off the verb at the last colon of the last segment, before anything is decoded. */
function split(path: string): { segments: string[]; verb: string | null } {
  const segments = path.split("/").slice(1);
  const last = segments.pop() ?? "";
  const colon = last.lastIndexOf(":");
  if (colon < 0) return { segments: [...segments, last], verb: null };
  return { segments: [...segments, last.slice(0, colon)], verb: last.slice(colon + 1) };
}

const PATTERNS: readonly Pattern[] = ROUTES.map((route) => ({ ...split(`${route.base ?? BASE}${route.path}`), route }));

const isHole = (segment: string): boolean => segment.startsWith("{");

function fits(pattern: Pattern, segments: readonly string[], verb: string | null): boolean {
  if (pattern.verb !== verb || pattern.segments.length !== segments.length) return false;
  return pattern.segments.every((wanted, at) => (isHole(wanted) ? segments[at] !== "" : wanted === segments[at]));
}

/** Fixed words win over holes: `/pipelines/upload` is no pipeline. */
function findPattern(segments: readonly string[], verb: string | null, method: string): Pattern | null {
  const fitting = PATTERNS.filter((pattern) => fits(pattern, segments, verb));
  if (fitting.length === 0) throw notFound();
  const holes = (pattern: Pattern) => pattern.segments.filter(isHole).length;
  const fewest = Math.min(...fitting.map(holes));
  return fitting.find((pattern) => holes(pattern) === fewest && pattern.route.method === method) ?? null;
}

function partsOf(pattern: Pattern, segments: readonly string[]): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  pattern.segments.forEach((segment, at) => {
    if (isHole(segment)) parts.set(segment.slice(1, -1), decodeURIComponent(segments[at] ?? ""));
  });
  return parts;
}

export interface KubeflowServer {
  readonly context: () => Context;
  /** Who asks; null without a valid credential. */
  readonly identity: Identity | null;
}

/** Who asks for the health without a credential: may read, and nothing else is answered. */
const NOBODY: Identity = { name: "nobody", via: "off", access: "read", tokenKey: null };

/** Answers one request below `/apis`; always JSON, also for a path that nobody knows. */
export async function answerKubeflow(request: Request, server: KubeflowServer): Promise<Response> {
  let found: Pattern | null = null;
  try {
    const url = new URL(request.url);
    const { segments, verb } = split(url.pathname);
    const isHealth = url.pathname === `${BASE}/healthz`;
    const identity = server.identity ?? (isHealth ? NOBODY : null);
    if (identity === null) {
      throw new ProblemError("unauthenticated", "Send a token: kfp.Client(host=…, existing_token=…)");
    }
    found = findPattern(segments, verb, request.method === "HEAD" ? "GET" : request.method);
    if (found === null) throw unimplemented();
    if (found.route.method !== "GET") requireFull(identity);
    const parts = partsOf(found, segments);
    const part = (name: string): string => parts.get(name) ?? "";
    const call = { context: server.context(), identity, request, query: url.searchParams, part };
    const answer = await found.route.answer(call);
    return answer instanceof Response ? answer : Response.json(answer, { headers: { "Cache-Control": "no-store" } });
  } catch (error) {
    if (error instanceof URIError) return errorResponse(notFound(), "", "grpc");
    if (!isExpected(error))
      server.context().log.error({ err: error, path: found?.route.path }, "a Kubeflow call failed");
    return errorResponse(error, found?.route.fails ?? "", found?.route.shape ?? "grpc");
  }
}
