/** Reads what the API said about a failed call: words for a person and, where there are any, the problems by place. */
import { TRPCClientError } from "@trpc/client";
import type { Problem } from "@/pipelines/graph";
import type { AppRouter } from "@/server/api/root";

export interface CallProblem {
  readonly code: string;
  readonly message: string;
  readonly problems: readonly Problem[];
}

/** Words for any error of a query or a mutation. */
export function callProblem(error: unknown): CallProblem {
  if (error instanceof TRPCClientError) {
    const known = error as TRPCClientError<AppRouter>;
    if (known.data?.problem) return known.data.problem;
    if (known.data) return { code: "internal", message: known.message, problems: [] };
    return {
      code: "unreachable",
      message: "The server does not answer. Check that Penstock is running; the page goes on by itself once it is.",
      problems: [],
    };
  }
  return { code: "internal", message: error instanceof Error ? error.message : String(error), problems: [] };
}

/** Whether the call failed because nobody is signed in. */
export const isSignedOut = (error: unknown): boolean =>
  error instanceof TRPCClientError && (error as TRPCClientError<AppRouter>).data?.code === "UNAUTHORIZED";
