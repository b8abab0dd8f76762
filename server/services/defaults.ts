/** The rows every installation has: the profile `local` and the Default experiment. */
import { type Db, transactNow } from "@/db/client";
import { findDefaultExperiment, findExperimentByName, insertExperiment } from "@/db/queries/experiment-rows";
import { findDefaultProfile, findProfile, insertProfile } from "@/db/queries/profiles";
import { newId } from "@/server/domain/ids";
import { LOCAL_PROFILE } from "@/server/domain/profile";

/** Adds what is missing; safe to call by every process at every start. */
export function ensureDefaults(db: Db, now: Date): void {
  if (findDefaultProfile(db) !== undefined && findDefaultExperiment(db) !== undefined) return;
  transactNow(db, (tx) => {
    defaultProfile(tx, now);
    defaultExperiment(tx, now);
  });
}

function defaultProfile(tx: Db, now: Date): void {
  if (findDefaultProfile(tx) !== undefined || findProfile(tx, "local") !== undefined) return;
  insertProfile(tx, {
    name: "local",
    isDefault: true,
    ...LOCAL_PROFILE,
    createdAt: now,
    updatedAt: null,
  });
}

/** The experiment of runs that name none, made anew when it was deleted. Call it inside a transaction. */
export function defaultExperiment(tx: Db, now: Date) {
  return (
    findDefaultExperiment(tx) ??
    insertExperiment(tx, {
      id: newId(),
      name: findExperimentByName(tx, "Default") === undefined ? "Default" : `Default ${newId().slice(0, 8)}`,
      description: "All runs created without specifying an experiment will be grouped here.",
      isDefault: true,
      createdAt: now,
    })
  );
}
