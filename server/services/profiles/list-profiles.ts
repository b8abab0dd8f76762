/** Lists profiles. */
import { listProfileRows } from "@/db/queries/profiles";
import type { ProfileView } from "@/server/domain/views/surroundings";
import type { Context } from "../context";
import { profileView } from "./get-profile";

/** All profiles, the default first, then by name. */
export function listProfiles({ db }: Context): ProfileView[] {
  return listProfileRows(db).map(profileView);
}
