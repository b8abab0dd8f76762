/** Makes an API token. */
import { insertToken } from "@/db/queries/api-tokens";
import { addEvent } from "@/db/queries/events";
import type { CreateTokenInput, NewTokenView } from "@/server/domain/api-tokens";
import { newId } from "@/server/domain/ids";
import { ProblemError } from "@/server/domain/problem-error";
import { newTokenText, tokenHash, tokenPrefix } from "@/server/platform/token-text";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { refuseTakenName, tokenView } from "./token-view";

/** Makes it and tells its text, this once. Throws `invalid` for an end in the past, `conflict` for a name that is taken. */
export async function createToken(context: Context, input: CreateTokenInput): Promise<NewTokenView> {
  const token = newTokenText();
  return write(context.db, (tx) => {
    const at = context.now();
    const expiresAt = input.expiresAt === null ? null : new Date(input.expiresAt);
    if (expiresAt !== null && expiresAt <= at) {
      throw new ProblemError("invalid", "The token would have expired already. Give a moment in the future.");
    }
    refuseTakenName(context, input.name);
    const row = insertToken(tx, {
      id: newId(),
      name: input.name,
      prefix: tokenPrefix(token),
      hash: tokenHash(token),
      access: input.access,
      createdAt: at,
      expiresAt,
    });
    addEvent(tx, { at, topic: "system", subject: null, kind: "tokens" });
    return { ...tokenView(row), token };
  });
}
