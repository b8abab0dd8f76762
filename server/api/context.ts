/** What a procedure knows of its request: the services and who asks. */
import { type Identity, identify } from "@/server/auth/identify";
import type { Context } from "@/server/services/context";
import { serverContext } from "@/server/services/runtime";

export interface ApiContext {
  readonly services: Context;
  /** Null without a valid credential. */
  readonly identity: Identity | null;
}

/** The context of a request with these headers, on the services of this process. */
export function apiContext(headers: Headers): ApiContext {
  return { services: serverContext(), identity: identify(headers) };
}
