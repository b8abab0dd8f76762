/** Headers on the way in and out: what a client may not claim, and what every answer says to browsers. */
import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Claims that only a proxy, a framework or this server itself could make, and ways to ask for server actions. The ids of
 * a request stay: in development the framework sends a page's second half under them and would wait for ever.
 */
const CLAIMED =
  /^(x-middleware-|x-penstock-|x-forwarded-|x-invoke-|x-matched-path|x-now-|x-vercel-|x-prerender-|x-nextjs-(?!(?:html-)?request-id$)|x-next-|next-action|x-http-method|x-method-override|x-original-|x-rewrite-|x-nonce|content-security-policy|forwarded)/;

/** Removes from a request everything that would be believed if it came from inside. */
export function dropClaims(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers)) {
    if (CLAIMED.test(name)) delete request.headers[name];
  }
  const raw = request.rawHeaders;
  for (let at = raw.length - 2; at >= 0; at -= 2) {
    if (CLAIMED.test((raw[at] ?? "").toLowerCase())) raw.splice(at, 2);
  }
}

/**
 * The policy of pages: only scripts that this answer names run. Styles may be inline because the graph and the charts
 * place things by style attributes. `isDevelopment` adds what the framework's reload needs.
 */
export function pagePolicy(nonce: string, isDevelopment: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** What every answer carries; a handler may replace the policy by a stricter one of its own. */
export function secureResponse(response: ServerResponse): void {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "same-origin");
  response.setHeader("X-Frame-Options", "SAMEORIGIN");
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}
