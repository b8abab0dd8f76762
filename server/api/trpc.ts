/** The builder of every tRPC procedure: who may call, and how errors leave the server. */
import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import type { Problem } from "@/pipelines/graph";
import { type ErrorCode, ProblemError } from "@/server/domain/problem-error";
import type { ApiContext } from "./context";

/** How our codes are called in tRPC; its HTTP statuses are those of `HTTP_STATUS`. */
const TRPC_CODES = {
  invalid: "BAD_REQUEST",
  unauthenticated: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  "not-found": "NOT_FOUND",
  conflict: "CONFLICT",
  refused: "UNPROCESSABLE_CONTENT",
  "too-large": "PAYLOAD_TOO_LARGE",
  unavailable: "SERVICE_UNAVAILABLE",
} as const satisfies { readonly [code in ErrorCode]: string };

/** What a client finds in `error.data.problem`; null for an error of the server itself. */
export interface ProblemData {
  readonly code: ErrorCode;
  readonly message: string;
  readonly problems: readonly Problem[];
}

function invalidInput(error: z.ZodError): ProblemData {
  const problems = error.issues.map(
    (issue): Problem => ({
      severity: "error",
      stage: "run",
      place: issue.path.map(String).join("."),
      rule: "invalid-input",
      message: issue.message,
    }),
  );
  return { code: "invalid", message: problems[0]?.message ?? "The request is not valid.", problems };
}

function problemData(error: TRPCError): ProblemData | null {
  if (error.cause instanceof ProblemError) {
    return { code: error.cause.code, message: error.cause.message, problems: error.cause.problems };
  }
  return error.cause instanceof z.ZodError ? invalidInput(error.cause) : null;
}

const t = initTRPC.context<ApiContext>().create({
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
  errorFormatter: ({ shape, error }) => {
    const problem = problemData(error);
    const { stack: _stack, ...data } = shape.data;
    return { ...shape, message: problem?.message ?? shape.message, data: { ...data, problem } };
  },
});

/** The one place where errors are mapped: ours by their code, the rest are logged and say nothing of themselves. */
const errors = t.middleware(async ({ ctx, path, next }) => {
  const result = await next();
  if (result.ok) return result;
  const { error } = result;
  if (error.cause instanceof ProblemError) {
    throw new TRPCError({ code: TRPC_CODES[error.cause.code], message: error.cause.message, cause: error.cause });
  }
  if (error.code !== "INTERNAL_SERVER_ERROR") throw error;
  ctx.services.log.error({ path, err: error.cause ?? error }, "a procedure failed");
  throw new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: "Internal error" });
});

const signedIn = t.middleware(({ ctx, next }) => {
  if (ctx.identity === null) {
    throw new ProblemError("unauthenticated", "Sign in first, or send the server's token as `Authorization: Bearer`.");
  }
  return next({ ctx: { ...ctx, identity: ctx.identity } });
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;
/** Every procedure needs an identity; there is no other builder. */
export const protectedProcedure = t.procedure.use(errors).use(signedIn);
