/** Says how the installation is: what the shell's status line, readiness and metrics read. */
import { statfs } from "node:fs/promises";
import { currentWork, lastHeartbeat } from "@/db/queries/status";
import type { StatusView } from "@/server/domain/views/status";
import type { Context } from "../context";

/** An engine writes its sign of life every 2 s; without one for this long it counts as dead. */
const ALIVE_MS = 5_000;

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

/** The status now, from the database and the disk alone, so that it is true of a dead engine too. */
export async function getStatus(context: Context): Promise<StatusView> {
  const now = context.now();
  const beat = lastHeartbeat(context.db);
  const { live, queued, running } = currentWork(context.db);
  return {
    version: context.version,
    engine: {
      alive: beat !== undefined && now.getTime() - beat.at.getTime() < ALIVE_MS,
      lastSeenAt: beat?.at.toISOString() ?? null,
    },
    slots: { used: live, total: beat?.slots ?? context.slots },
    queued,
    running,
    diskFreeBytes: await freeBytes(context.dataDir.home),
    now: now.toISOString(),
  };
}
