/** API tokens as views. */
import { findToken, type TokenRow } from "@/db/queries/api-tokens";
import type { TokenView } from "@/server/domain/api-tokens";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";

/** The view of a row; the hash stays here. */
export function tokenView({ id, name, prefix, access, createdAt, expiresAt, lastUsedAt }: TokenRow): TokenView {
  return {
    id,
    name,
    prefix,
    access,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}

/** The row of a token that is not revoked. Throws `not-found`. */
export function tokenRow({ db }: Context, id: string): TokenRow {
  const row = findToken(db, { id });
  if (row === undefined) throw new ProblemError("not-found", "There is no such token; it may have been revoked.");
  return row;
}

/** Throws `conflict` when another token has the name: people tell by it who did something. */
export function refuseTakenName({ db }: Context, name: string): void {
  if (findToken(db, { name }) !== undefined) {
    throw new ProblemError("conflict", `There is a token named ${name}. Choose another name, or revoke that one.`);
  }
}
