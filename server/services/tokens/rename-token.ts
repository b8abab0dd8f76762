/** Renames an API token. */
import { updateToken } from "@/db/queries/api-tokens";
import { addEvent } from "@/db/queries/events";
import type { RenameTokenInput, TokenView } from "@/server/domain/api-tokens";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { refuseTakenName, tokenRow, tokenView } from "./token-view";

/** Gives it another name; what was done under the old one keeps that. Throws `not-found`, `conflict`. */
export async function renameToken(context: Context, { id, name }: RenameTokenInput): Promise<TokenView> {
  return write(context.db, (tx) => {
    const row = tokenRow(context, id);
    if (row.name === name) return tokenView(row);
    refuseTakenName(context, name);
    updateToken(tx, row.key, { name });
    addEvent(tx, { at: context.now(), topic: "system", subject: null, kind: "tokens" });
    return tokenView({ ...row, name });
  });
}
