/** Who sends a request, and what that allows. */
import type { TokenAccess } from "@/server/domain/api-tokens";
import { ProblemError } from "@/server/domain/problem-error";

/** A known sender. `via` says what proved it: only a bearer token is out of reach of a foreign page. */
export interface Identity {
  /** What is written beside what it does: the name of an API token, else `user`. */
  readonly name: string;
  readonly via: "bearer" | "cookie" | "off";
  readonly access: TokenAccess;
  /** Key of the API token that was shown; null for the server's own token and what came of that. */
  readonly tokenKey: number | null;
}

/** The person who holds the server's own token. */
export const owner = (via: Identity["via"]): Identity => ({ name: "user", via, access: "full", tokenKey: null });

/** Throws `forbidden` for a sender that may only read, where something changes or is managed. */
export function requireFull({ access }: Identity): void {
  if (access === "full") return;
  throw new ProblemError("forbidden", "This token may only read. Use one with full access.");
}
