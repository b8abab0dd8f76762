/** Revokes an API token. */
import { updateToken } from "@/db/queries/api-tokens";
import { addEvent } from "@/db/queries/events";
import type { TokenView } from "@/server/domain/api-tokens";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { tokenRow, tokenView } from "./token-view";

/** Ends it at once and for good: a token that may have leaked must not come back by an undo. Throws `not-found`. */
export async function revokeToken(context: Context, id: string): Promise<TokenView> {
  return write(context.db, (tx) => {
    const row = tokenRow(context, id);
    const at = context.now();
    updateToken(tx, row.key, { revokedAt: at });
    addEvent(tx, { at, topic: "system", subject: null, kind: "tokens" });
    return tokenView(row);
  });
}
