/** What is asked of the database when the whole server stops. */
import { and, count, inArray, isNull } from "drizzle-orm";
import type { Executor } from "../client";
import { attempt, run } from "../schema";

/** Number of attempts that are alive. */
export function countLiveAttempts(db: Executor): number {
  const live = db
    .select({ n: count() })
    .from(attempt)
    .where(inArray(attempt.state, ["starting", "running"]))
    .get();
  return live?.n ?? 0;
}

/** Writes the intent to end every open run; returns how many. */
export function requestCancelOfAll(db: Executor, at: Date, by: string): number {
  return db
    .update(run)
    .set({ cancelRequestedAt: at, cancelRequestedBy: by, isNoticed: false })
    .where(and(inArray(run.state, ["pending", "running"]), isNull(run.cancelRequestedAt)))
    .run().changes;
}
