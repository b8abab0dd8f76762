/** Removes a profile; runs that exist keep the settings they were made with. */
import { addEvent } from "@/db/queries/events";
import { deleteProfileRow } from "@/db/queries/profiles";
import { ProblemError } from "@/server/domain/problem-error";
import type { ProfileView } from "@/server/domain/views/surroundings";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { profileRow, profileView } from "./get-profile";

/** Removes it and tells what it was. Throws `not-found`, and `conflict` for the default one. */
export async function removeProfile(context: Context, name: string): Promise<ProfileView> {
  return write(context.db, (tx) => {
    const row = profileRow(context, name);
    if (row.isDefault) {
      throw new ProblemError(
        "conflict",
        `${name} is the default profile. Make another one the default, then remove it.`,
      );
    }
    deleteProfileRow(tx, name);
    addEvent(tx, { at: context.now(), topic: "system", subject: null, kind: "profiles" });
    return profileView(row);
  });
}
