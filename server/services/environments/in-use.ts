/** Tells which Python environments live attempts use. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Db } from "@/db/client";
import { liveAttempts } from "@/db/queries/live-attempts";
import { ATTEMPT_FILES, type DataDir } from "@/server/platform/data-dir";

export interface EnvironmentUse {
  /** Whether a live attempt's command names this environment. */
  readonly has: (key: string) => boolean;
  /** An attempt is about to start: which environment it takes is not known yet. */
  readonly isUncertain: boolean;
}

/** What live attempts use now. */
export function environmentsInUse(db: Db, dataDir: Pick<DataDir, "attempt">): EnvironmentUse {
  const commands = liveAttempts(db).map(({ runKey, taskKey, number }) => {
    try {
      return readFileSync(join(dataDir.attempt(runKey, taskKey, number), ATTEMPT_FILES.command), "utf8");
    } catch {
      return null;
    }
  });
  const known = commands.filter((command) => command !== null);
  return {
    has: (key) => known.some((command) => command.includes(`/${key}/`) || command.includes(`/${key}"`)),
    isUncertain: known.length < commands.length,
  };
}
