/** Removes a Python environment that no live attempt uses; the next step that wants it builds it again. */
import { randomUUID } from "node:crypto";
import { existsSync, renameSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ProblemError } from "@/server/domain/problem-error";
import type { EnvironmentView } from "@/server/domain/views/surroundings";
import { BESIDE } from "@/server/platform/environment-folder";
import type { Context } from "../context";
import { environmentsInUse } from "./in-use";
import { getEnvironment } from "./list-environments";

/** Names of environments on their way out; what a crash leaves of them goes with the next sweep. */
const LEAVING = /^leaving-/;

/** Whether a name in the folder is what a removal left that was cut off. */
export const isLeaving = (name: string): boolean => LEAVING.test(name);

/**
 * Moves an environment out of the way at once and deletes it then. Asks again who uses it once it is out of the way:
 * an attempt that was claimed in between has its row by then, and gets the environment back.
 */
export async function takeAway(context: Pick<Context, "db" | "dataDir">, key: string): Promise<"gone" | "in-use"> {
  const { db, dataDir } = context;
  const isUsed = (): boolean => {
    const use = environmentsInUse(db, dataDir);
    return use.isUncertain || use.has(key);
  };
  if (isUsed()) return "in-use";
  const directory = join(dataDir.envs, key);
  const leaving = join(dataDir.envs, `leaving-${randomUUID()}`);
  rmSync(`${directory}${BESIDE.failed}`, { force: true });
  if (!existsSync(directory)) return "gone";
  renameSync(directory, leaving);
  if (isUsed() && !existsSync(directory)) {
    renameSync(leaving, directory);
    return "in-use";
  }
  await rm(leaving, { recursive: true, force: true });
  return "gone";
}

/** Removes the environment and tells what it was. Throws `not-found`, and `conflict` while it is used or built. */
export async function removeEnvironment(context: Context, key: string): Promise<EnvironmentView> {
  const view = getEnvironment(context, key);
  if (view.state === "building") {
    throw new ProblemError("conflict", `The environment ${key} is being built. Wait until it is ready.`);
  }
  if ((await takeAway(context, key)) === "in-use") {
    throw new ProblemError(
      "conflict",
      `The environment ${key} may be used by a step that runs now. Remove it once no step runs.`,
    );
  }
  return view;
}
