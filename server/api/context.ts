/** What a procedure knows of its request: the services and who asks. */
import type { Identity } from "@/server/auth/identity";
import type { Context } from "@/server/services/context";

export interface ApiContext {
  readonly services: Context;
  /** Null without a valid credential. */
  readonly identity: Identity | null;
}
