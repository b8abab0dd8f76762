/** What a procedure knows of its request: the services and who asks. */
import type { Context } from "@/server/services/context";

/** Who asks; null without a valid credential. */
export interface Identity {
  readonly name: string;
}

export interface ApiContext {
  readonly services: Context;
  readonly identity: Identity | null;
}
