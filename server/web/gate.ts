/** The door of the web server: what becomes of a request, decided from its first line and headers alone. */
import type { IncomingHttpHeaders } from "node:http";
import { type Door, identifyBy } from "@/server/auth/identify";
import type { Identity } from "@/server/auth/identity";
import type { ErrorCode } from "@/server/domain/problem-error";
import { type Area, areaOf, isAmbiguous, isOpen, isReadOnly, METHODS, pathOf } from "./areas";
import { hostName } from "./hosts";

export interface GatePolicy extends Door {
  /** Host names that are answered, without ports. */
  readonly hosts: ReadonlySet<string>;
  /** Exact paths of files that need no credential. */
  readonly publicFiles: ReadonlySet<string>;
}

export interface GateRequest {
  readonly method: string;
  /** The target of the request line. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

export type Verdict =
  | {
      readonly kind: "pass";
      readonly area: Area;
      readonly path: string;
      readonly identity: Identity | null;
      readonly bodyLimit: number;
    }
  | { readonly kind: "sign-in"; readonly location: string }
  | {
      readonly kind: "refuse";
      readonly area: Area;
      readonly status: number;
      readonly code: ErrorCode;
      readonly message: string;
    };

const MIB = 1024 * 1024;
const isUpload = (path: string): boolean => path === "/api/uploads" || /^\/api\/versions\/[^/]+\/files$/.test(path);

const isReading = (method: string): boolean => method === "GET" || method === "HEAD";

/** Bytes of a body that are read at most; multipart framing and JSON escapes included. */
function bodyLimitOf(area: Area, method: string, path: string): number {
  if (isReading(method)) return MIB / 16;
  // What a step leaves is bounded by the disk here, as it is for a process.
  if (area === "pod") return 1024 * 1024 * MIB;
  if (isUpload(path)) return 2048 * MIB + 16 * MIB;
  if (area === "kubeflow") return 34 * MIB;
  if (area === "trpc") return 8 * MIB;
  return MIB;
}

/**
 * Whether a page of another origin may be behind the request. Browsers send one of the two headers with everything but
 * the plain opening of an address; what changes something and shows neither is refused when a cookie speaks for it.
 */
function isForeign(request: GateRequest, area: Area, identity: Identity | null): boolean {
  const site = request.headers["sec-fetch-site"];
  const origin = request.headers.origin;
  const isOpening = isReading(request.method) && request.headers["sec-fetch-mode"] === "navigate";
  if (isOpening || (isReading(request.method) && (area === "page" || isOpen(area)))) return false;
  if (origin !== undefined && originHost(origin) !== request.headers.host?.toLowerCase()) return true;
  if (site !== undefined) return site !== "same-origin" && !(site === "none" && isReading(request.method));
  return origin === undefined && !isReading(request.method) && identity?.via === "cookie";
}

const originHost = (origin: string): string | null => /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase())?.[1] ?? null;

const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

const isJson = (headers: IncomingHttpHeaders): boolean =>
  /^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "");

/** Multipart bodies: our own uploads, and those of the Kubeflow API. */
const takesForms = (path: string): boolean => isUpload(path) || path.startsWith("/apis/v2beta1/pipelines/upload");

const isArchive = (headers: IncomingHttpHeaders): boolean => headers["content-type"] === "application/x-tar";

const SIGN_IN_FIRST =
  "Sign in first, or send the server's token as `Authorization: Bearer …`; it is in server.json in the data directory.";

/** Whether the request comes in, and what of it may. */
export function judge(policy: GatePolicy, request: GateRequest, now: Date): Verdict {
  const { method, target, headers } = request;
  const path = pathOf(target);
  const area = areaOf(path, policy.publicFiles);
  const refuse = (status: number, code: ErrorCode, message: string): Verdict => ({
    kind: "refuse",
    area,
    status,
    code,
    message,
  });

  const host = hostName(headers.host);
  if (host === null || !policy.hosts.has(host)) {
    return refuse(403, "forbidden", "This server does not answer to that host name; add it to PENSTOCK_ALLOWED_HOSTS.");
  }
  // The bare `/apis` would be a page that nobody has, and clients of the API take any page for an answer.
  if (!target.startsWith("/") || isAmbiguous(path) || path === "/apis")
    return refuse(404, "not-found", "There is nothing at this address.");
  if (!METHODS.has(method)) return refuse(405, "invalid", `${method} is not answered here.`);

  const identity = identifyBy(policy, headers, now);
  if (identity === null && !isOpen(area)) {
    if (area === "page" && isReading(method)) {
      return { kind: "sign-in", location: target === "/" ? "/sign-in" : `/sign-in?to=${encodeURIComponent(target)}` };
    }
    return refuse(401, "unauthenticated", SIGN_IN_FIRST);
  }
  if (isReadOnly(area) && !isReading(method))
    return refuse(405, "invalid", `Only GET and HEAD are answered at ${path}.`);
  if (identity?.via !== "bearer") {
    if (isForeign(request, area, identity)) {
      return refuse(
        403,
        "forbidden",
        "This request comes from another site; use the pages of this server, or send the token.",
      );
    }
    if (
      !isReading(method) &&
      hasBody(headers) &&
      !isJson(headers) &&
      !takesForms(path) &&
      !(area === "pod" && isArchive(headers))
    ) {
      return refuse(415, "invalid", "Send the body as `Content-Type: application/json`.");
    }
  }
  const bodyLimit = bodyLimitOf(area, method, path);
  if (Number(headers["content-length"] ?? 0) > bodyLimit) {
    return refuse(413, "too-large", `The body is larger than the ${bodyLimit} bytes that are read here.`);
  }
  return { kind: "pass", area, path, identity, bodyLimit };
}
