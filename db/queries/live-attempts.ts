/** The attempts that are alive, as a clean-up has to know them. */
import { inArray } from "drizzle-orm";
import type { Executor } from "../client";
import { attempt } from "../schema";

/** Which attempts are starting or running. */
export function liveAttempts(db: Executor): { runKey: number; taskKey: number; number: number }[] {
  return db
    .select({ runKey: attempt.runKey, taskKey: attempt.taskKey, number: attempt.number })
    .from(attempt)
    .where(inArray(attempt.state, ["starting", "running"]))
    .all();
}
