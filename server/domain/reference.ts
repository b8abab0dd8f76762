/** What the page of the API reference is given. */
import type { OpenApiDocument } from "./open-api";
import type { ErrorCode } from "./problem-error";

export interface ErrorRow {
  readonly code: ErrorCode;
  readonly http: number;
  /** The same under `/apis`: gRPC code and HTTP status. */
  readonly kubeflowCode: number;
  readonly kubeflowHttp: number;
}

export interface StateRow {
  readonly of: "run" | "task";
  readonly state: string;
  /** Kubeflow's word for it. */
  readonly word: string;
}

export interface ReferenceView {
  readonly document: OpenApiDocument;
  readonly errors: readonly ErrorRow[];
  readonly states: readonly StateRow[];
}
