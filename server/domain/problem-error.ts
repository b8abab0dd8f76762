/** The one error that services throw on purpose: a code that each edge maps once, and words for a person. */
import type { Problem } from "@/pipelines/graph";

export const ERROR_CODES = [
  "invalid", // the request is wrong (400)
  "unauthenticated", // no or bad credential (401)
  "forbidden", // known, but not allowed (403)
  "not-found", // 404
  "conflict", // exists already, or not in a state for it (409)
  "refused", // understood, but cannot be run here (422)
  "too-large", // 413
  "unavailable", // busy, full or shutting down (503)
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export class ProblemError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.name = "ProblemError";
    this.code = code;
    this.problems = problems;
  }
}

/** HTTP status of each code; the only such table. */
export const HTTP_STATUS: { readonly [code in ErrorCode]: number } = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  refused: 422,
  "too-large": 413,
  unavailable: 503,
};
