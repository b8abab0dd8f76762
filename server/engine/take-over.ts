/** Takes over the attempts that an earlier engine left, before the first turn. */
import type { EngineQueries } from "@/db/queries/engine";
import type { LiveAttemptRow } from "@/db/queries/engine/attempts";
import type { AttemptDesk } from "./attempt-desk";
import type { AttemptRequest } from "./attempts/contract";
import type { Claims } from "./claims";
import { orphanRequest } from "./orphan";
import type { RunCache } from "./run-cache";

interface Parts {
  readonly cache: RunCache;
  readonly claims: Claims;
  readonly desk: AttemptDesk;
}

interface Found {
  readonly request: AttemptRequest;
  readonly isWanted: boolean;
}

/**
 * Follows every attempt that is alive by its row. One whose task is to end, or whose run is over or cannot be read, is
 * stopped. Answers the runs that cannot be read, with what went wrong.
 */
export async function takeOver(queries: EngineQueries, parts: Parts): Promise<ReadonlyMap<number, unknown>> {
  const broken = new Map<number, unknown>();
  const orphan = (row: LiveAttemptRow): Found => ({
    request: orphanRequest(row, queries.runs.find(row.runKey)?.id ?? ""),
    isWanted: false,
  });
  const find = (row: LiveAttemptRow): Found => {
    try {
      const run = parts.cache.open(row.runKey);
      const task = run?.plan?.byKey.get(row.taskKey);
      if (!run || !task) return orphan(row);
      return {
        request: parts.claims.request(run, task, row.key),
        isWanted: task.state === "running" && row.stoppedAtMs === null,
      };
    } catch (error) {
      broken.set(row.runKey, error);
      return orphan(row);
    }
  };
  const adopt = async (row: LiveAttemptRow): Promise<void> => {
    const { request, isWanted } = find(row);
    await parts.desk.adopt(request, row.handle);
    if (!isWanted) parts.desk.stop(row.key, request.run.profile.graceMs);
  };
  await Promise.all(queries.attempts.live().map(adopt));
  return broken;
}
