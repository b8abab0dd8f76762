/** Pages of lists: cursors that clients hand back, signed and bound to what was asked for. */
import type { JsonValue } from "@/pipelines/graph";
import { queryDigest, readPageToken, writePageToken } from "@/server/domain/page-token";
import type { PagePosition } from "@/server/domain/predicates";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "./context";

export interface Cursor {
  /** Where the page asked for begins; null at the first one. */
  readonly after: PagePosition | null;
  /** The cursor of the page after this one. */
  readonly next: (position: PagePosition | null) => string | null;
}

/** Reads the cursor of a list whose filters and order are `query`. Throws `invalid` when it belongs to another question. */
export function readCursor(context: Context, list: string, query: JsonValue, given: string | null | undefined): Cursor {
  const digest = queryDigest(query);
  const token = given ? readPageToken(context.secret, list, given) : null;
  if (token !== null && token.query !== digest) {
    throw new ProblemError(
      "invalid",
      "The page token belongs to other filters or another order. Start again at the first page.",
    );
  }
  return {
    after: token?.after ?? null,
    next: (position) =>
      position === null ? null : writePageToken(context.secret, { list, query: digest, after: position }),
  };
}
