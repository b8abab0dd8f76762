/** What an operation of the Kubeflow API is given. */
import type { Identity } from "@/server/auth/identity";
import type { Context } from "@/server/services/context";

export interface Call {
  readonly context: Context;
  /** Who asks. */
  readonly identity: Identity;
  readonly request: Request;
  readonly query: URLSearchParams;
  /** A part of the path by its name in the route, decoded. */
  readonly part: (name: string) => string;
}
