/** The builder of every tRPC procedure: who may call, and how errors leave the server. */
import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import type { Problem } from "@/pipelines/graph";
import { requireFull } from "@/server/auth/identity";
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

/** What is said of a procedure beside its input. */
interface ProcedureMeta {
  /** Reading it needs full access too. */
  readonly isManagement?: boolean;
}

const t = initTRPC
  .context<ApiContext>()
  .meta<ProcedureMeta>()
  .create({
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

/** Who only reads may ask; whatever else a procedure does, and all management, needs full access. */
const permitted = t.middleware(({ ctx, type, meta, next }) => {
  const { identity } = ctx;
  if (identity === null) {
    throw new ProblemError("unauthenticated", "Sign in first, or send a token as `Authorization: Bearer`.");
  }
  const isReading = type === "query";
  if (!isReading || meta?.isManagement === true) requireFull(identity);
  return next({ ctx: { ...ctx, identity } });
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;
/** Every procedure needs an identity with the access that its kind asks for; there is no builder without. */
export const protectedProcedure = t.procedure.use(errors).use(permitted);
/** For tokens, secrets and settings: they are not even read without full access. */
export const managingProcedure = protectedProcedure.meta({ isManagement: true });
