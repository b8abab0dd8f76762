/** Lists the Python environments of the installation. */
import { ProblemError } from "@/server/domain/problem-error";
import type { EnvironmentView } from "@/server/domain/views/surroundings";
import { readEnvironment, readEnvironments } from "@/server/platform/environment-folder";
import type { Context } from "../context";
import { environmentView } from "./environment-view";
import { environmentsInUse } from "./in-use";

/** All of them, those last used first. */
export function listEnvironments({ db, dataDir }: Context): EnvironmentView[] {
  const use = environmentsInUse(db, dataDir);
  return readEnvironments(dataDir.envs).map((stored) => environmentView(stored, use.has(stored.key)));
}

/** One of them. Throws `not-found`. */
export function getEnvironment({ db, dataDir }: Context, key: string): EnvironmentView {
  const stored = readEnvironment(dataDir.envs, key);
  if (stored === null) throw new ProblemError("not-found", `There is no Python environment ${key}.`);
  return environmentView(stored, environmentsInUse(db, dataDir).has(key));
}
