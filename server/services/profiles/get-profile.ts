/** Reads one profile. */
import { findProfile, type ProfileRow } from "@/db/queries/profiles";
import { ProblemError } from "@/server/domain/problem-error";
import type { ProfileView } from "@/server/domain/views/surroundings";
import type { Context } from "../context";

/** The view of a row. */
export function profileView({ key: _key, createdAt, updatedAt, ...row }: ProfileRow): ProfileView {
  return { ...row, createdAt: createdAt.toISOString(), updatedAt: updatedAt?.toISOString() ?? null };
}

/** The row of a profile. Throws `not-found`. */
export function profileRow({ db }: Context, name: string): ProfileRow {
  const row = findProfile(db, name);
  if (row === undefined) throw new ProblemError("not-found", `There is no profile named ${name}.`);
  return row;
}

/** A profile by name. Throws `not-found`. */
export const getProfile = (context: Context, name: string): ProfileView => profileView(profileRow(context, name));
