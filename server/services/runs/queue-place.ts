/** Tells why a queued task does not run yet: which limit is reached, how many come first, and what holds the slots. */
import { countHolders, findWaiting, listHolders, placeInQueue } from "@/db/queries/queue-place";
import type { QueuePlaceView } from "@/server/domain/views";
import type { Context } from "../context";
import { getStatus } from "../system/get-status";

const MOST_SHOWN = 8;

/** Null for a task that is not in the queue, or no more. */
export async function queuePlace(context: Context, taskKey: number): Promise<QueuePlaceView | null> {
  const { db } = context;
  const { slots, engine } = await getStatus(context);
  const waiting = findWaiting(db, taskKey);
  if (waiting === undefined) return null;
  const { profile, capacity } = waiting;
  const isProfileFull = capacity !== null && countHolders(db, profile) >= capacity;
  // Of a profile that is full only its own steps stand in the way; else it is the engine's slots that count.
  const within = isProfileFull ? profile : null;
  return {
    limit: isProfileFull ? { kind: "profile", name: profile, slots: capacity } : { kind: "engine", slots: slots.total },
    used: countHolders(db, within),
    ...placeInQueue(db, waiting, within, context.now().getTime()),
    holders: listHolders(db, within, MOST_SHOWN).map(({ startedAtMs, ...holder }) => ({
      ...holder,
      startedAt: startedAtMs === null ? null : new Date(startedAtMs).toISOString(),
    })),
    isEngineAlive: engine.alive,
  };
}
