/** Lets go of runs in the trash for good: first every row, a piece at a time, then the files. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beginPurge, hasRunRow, purgePiece, runsGoing, runsToPurge } from "@/db/queries/retention";
import { DAY_MS } from "@/server/domain/retention";
import { removeTree } from "@/server/platform/remove-tree";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { readSetting } from "../settings/setting";

type PurgeContext = Pick<Context, "db" | "dataDir" | "now">;

const AT_ONCE = 50;
const PAUSE_MS = 5;

const pause = (): Promise<void> => new Promise((resume) => setTimeout(resume, PAUSE_MS));

/**
 * Removes what was begun to be removed. A run is hidden from the moment it is begun, its rows go before its files, and
 * both steps can be done again: whoever is cut off anywhere is continued by the next call.
 */
export async function finishPurges({ db, dataDir }: PurgeContext, signal?: AbortSignal): Promise<number> {
  let gone = 0;
  for (const key of runsGoing(db)) {
    for (let isDone = false; !isDone && !signal?.aborted; ) {
      isDone = await write(db, (tx) => purgePiece(tx, key));
      await pause();
    }
    if (signal?.aborted) break;
    await removeTree(dataDir.run(key));
    gone += 1;
  }
  return gone;
}

/** Lets go of what the trash has kept long enough; what another run uses stays until that one is gone. */
export async function purgeTrash(context: PurgeContext, signal?: AbortSignal): Promise<number> {
  const { db, now } = context;
  let gone = await finishPurges(context, signal);
  for (;;) {
    const before = now().getTime() - readSetting(db, "trash-days") * DAY_MS;
    const begun = await write(db, (tx) => {
      const keys = runsToPurge(tx, before, AT_ONCE);
      beginPurge(tx, keys, now().getTime());
      return keys.length;
    });
    if (begun === 0 || signal?.aborted) return gone;
    gone += await finishPurges(context, signal);
  }
}

/** Removes folders of runs that there are no rows of, left by a removal that was cut off between rows and files. */
export async function sweepRunFolders({ db, dataDir }: PurgeContext, signal?: AbortSignal): Promise<number> {
  const names = await readdir(dataDir.runs).catch(() => []);
  let swept = 0;
  for (const name of names) {
    if (signal?.aborted) break;
    // Keys are given once, and a run has its row before it has a folder.
    if (!/^[1-9]\d{0,15}$/.test(name) || hasRunRow(db, Number(name))) continue;
    await removeTree(join(dataDir.runs, name));
    swept += 1;
  }
  return swept;
}
