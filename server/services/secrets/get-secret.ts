/** Reads one secret or config map. */
import { findSecret, type SecretRow } from "@/db/queries/secrets";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";

/** The row of a secret. Throws `not-found`. */
export function secretRow({ db }: Context, name: string): SecretRow {
  const row = findSecret(db, name);
  if (row === undefined) throw new ProblemError("not-found", `There is no secret or config map named ${name}.`);
  return row;
}
