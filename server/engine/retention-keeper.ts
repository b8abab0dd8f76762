/** Applies the rules of retention and lets the trash go, beside the steps and at leisure. */
import type { Db } from "@/db/client";
import type { DataDir } from "@/server/platform/data-dir";
import type { Log } from "@/server/platform/log";
import { applyRetention } from "@/server/services/retention/apply-rules";
import { purgeDefinitions } from "@/server/services/retention/purge-definitions";
import { purgeTrash, sweepRunFolders } from "@/server/services/retention/purge-trash";

export interface RetentionKeeperOptions {
  readonly db: Db;
  readonly dataDir: DataDir;
  readonly log: Log;
  readonly everyMs?: number;
}

const EVERY_MS = 60_000;

/** Starts looking; gives what stops it. What is cut off is continued by the next engine. */
export function keepRetention({ db, dataDir, log, everyMs = EVERY_MS }: RetentionKeeperOptions): () => void {
  const abort = new AbortController();
  const context = { db, dataDir, now: () => new Date() };
  let isBusy = false;
  let hasSwept = false;

  const look = async (): Promise<void> => {
    const moved = await applyRetention(context, abort.signal);
    if (moved > 0) log.info({ count: moved }, "runs went into the trash by the rules of retention");
    const gone = await purgeTrash(context, abort.signal);
    if (gone > 0) log.info({ count: gone }, "runs of the trash were removed for good");
    const others = await purgeDefinitions(context, abort.signal);
    if (others > 0) log.info({ count: others }, "deleted pipelines, versions and experiments were removed for good");
    if (hasSwept) return;
    const swept = await sweepRunFolders(context, abort.signal);
    if (swept > 0) log.info({ count: swept }, "folders of runs that were removed before are gone too");
    hasSwept = true;
  };

  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    look()
      .catch((error: unknown) => {
        if (!abort.signal.aborted) log.warn({ err: error }, "the trash could not be looked after");
      })
      .finally(() => {
        isBusy = false;
      });
  }, everyMs);
  return () => {
    clearInterval(timer);
    abort.abort();
  };
}
