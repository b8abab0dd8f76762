/** Makes a profile, or changes what is given of one; runs that exist keep the settings they were made with. */
import { addEvent } from "@/db/queries/events";
import { findProfile, insertProfile, makeDefault, type ProfileRow, updateProfileRow } from "@/db/queries/profiles";
import type { SaveProfileInput } from "@/server/domain/inputs/profiles";
import { ProblemError } from "@/server/domain/problem-error";
import { type ContainerSettings, LOCAL_PROFILE, type ProfileSettings } from "@/server/domain/profile";
import type { ProfileView } from "@/server/domain/views/surroundings";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { getProfile } from "./get-profile";

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without what is not given at all. */
const given = <T extends object>(changes: T | undefined) =>
  Object.fromEntries(Object.entries(changes ?? {}).filter(([, value]) => value !== undefined)) as Partial<Given<T>>;

function containerSettings(
  before: Partial<ContainerSettings>,
  input: SaveProfileInput["container"],
): Partial<ContainerSettings> {
  const { pod, ...changes } = input ?? {};
  if (pod === undefined) return { ...before, ...given(changes) };
  return { ...before, ...given(changes), pod: { ...before.pod, ...given(pod) } };
}

/** What is given, over what was; null is a value of its own. */
function settingsOf(before: Required<ProfileSettings>, input: SaveProfileInput): Required<ProfileSettings> {
  return {
    executor: input.executor ?? before.executor,
    graceMs: input.graceMs ?? before.graceMs,
    python: input.python === undefined ? before.python : input.python,
    environment: input.environment ?? before.environment,
    capacity: input.capacity === undefined ? before.capacity : input.capacity,
    imageMap: input.imageMap ?? before.imageMap,
    workingDirectory: input.workingDirectory === undefined ? before.workingDirectory : input.workingDirectory,
    runsWithoutMounts: input.runsWithoutMounts ?? before.runsWithoutMounts,
    limits: { ...before.limits, ...given(input.limits) },
    container: containerSettings(before.container, input.container),
  };
}

function refuseNoDefault(before: ProfileRow | undefined, { name, isDefault }: SaveProfileInput): void {
  if (before?.isDefault !== true || isDefault !== false) return;
  throw new ProblemError("conflict", `${name} is the default profile. Make another one the default instead.`);
}

/** Saves a profile; what is not given stays, or is as in the profile `local` of a new installation. Throws `conflict`. */
export async function saveProfile(context: Context, input: SaveProfileInput): Promise<ProfileView> {
  return write(context.db, (tx) => {
    const at = context.now();
    const { name } = input;
    const before = findProfile(tx, name);
    refuseNoDefault(before, input);
    const settings = settingsOf(before ?? LOCAL_PROFILE, input);
    if (before === undefined)
      insertProfile(tx, { name, ...settings, isDefault: false, createdAt: at, updatedAt: null });
    else updateProfileRow(tx, name, { ...settings, updatedAt: at });
    if (input.isDefault === true) makeDefault(tx, name);
    addEvent(tx, { at, topic: "system", subject: null, kind: "profiles" });
    return getProfile(context, name);
  });
}
