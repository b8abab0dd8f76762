/** Errors as the Kubeflow API words them: gRPC codes, their HTTP statuses, and the two bodies its clients read. */
import { type ErrorCode, ProblemError } from "@/server/domain/problem-error";

interface Status {
  readonly grpc: number;
  readonly http: number;
}

export const STATUS: { readonly [code in ErrorCode]: Status } = {
  invalid: { grpc: 3, http: 400 },
  unauthenticated: { grpc: 16, http: 401 },
  forbidden: { grpc: 7, http: 403 },
  "not-found": { grpc: 5, http: 404 },
  conflict: { grpc: 6, http: 409 },
  refused: { grpc: 3, http: 400 },
  "too-large": { grpc: 3, http: 400 },
  unavailable: { grpc: 14, http: 503 },
};

/** An error whose gRPC code says more than our own codes do. */
export class GrpcError extends Error {
  constructor(
    readonly status: Status,
    message: string,
  ) {
    super(message);
  }
}

export const PRECONDITION: Status = { grpc: 9, http: 400 };
const ABORTED: Status = { grpc: 10, http: 409 };
const UNIMPLEMENTED: Status = { grpc: 12, http: 501 };
const INTERNAL: Status = { grpc: 13, http: 500 };

/** An unknown path below `/apis`. */
export const notFound = (): GrpcError => new GrpcError(STATUS["not-found"], "Not Found");
/** A known path under another method. */
export const unimplemented = (): GrpcError => new GrpcError(UNIMPLEMENTED, "Method Not Allowed");

/** Something that is over, or not yet far enough, for what is asked. */
export const aborted = (message: string): GrpcError => new GrpcError(ABORTED, message);

/** What a problem error says: of a text that cannot be read also the place, of several problems each with its own. */
function wordsOf({ message, problems }: ProblemError): string {
  const listed = problems.slice(0, 20).map((problem) => `${problem.place}: ${problem.message}`);
  if (listed.length > 1) return [message, ...listed].join("\n");
  return problems[0]?.stage === "upload" ? (listed[0] ?? message) : message;
}

/** How an error is told: its status and what a person reads. Null for an error of the server itself. */
function told(error: unknown): { status: Status; message: string } | null {
  if (error instanceof GrpcError) return { status: error.status, message: error.message };
  if (error instanceof ProblemError) {
    return { status: STATUS[error.code], message: wordsOf(error) };
  }
  return null;
}

export type ErrorShape = "grpc" | "upload";

/** The answer for an error; `context` is what was tried, such as `Failed to get a run`. */
export function errorResponse(error: unknown, context: string, shape: ErrorShape): Response {
  const { status, message } = told(error) ?? { status: INTERNAL, message: "Internal error" };
  const whole = context === "" ? message : `${context}: ${message}`;
  const body =
    shape === "upload"
      ? { error_message: whole, error_details: message }
      : {
          code: status.grpc,
          message: whole,
          details: [{ "@type": "type.googleapis.com/google.rpc.Status", code: status.grpc, message }],
        };
  return Response.json(body, { status: status.http, headers: { "Cache-Control": "no-store" } });
}

/** Whether an error is one of ours, which needs no line in the server's log. */
export const isExpected = (error: unknown): boolean => told(error) !== null;
