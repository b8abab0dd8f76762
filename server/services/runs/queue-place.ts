/** Tells why a queued task does not run yet: which limit is reached, how many come first, and what holds the slots. */
import { queueQueries } from "@/db/queries/engine/queue";
import { countInTurn, countWaiting, findWaiting, listHolders } from "@/db/queries/queue-place";
import { preparedFor } from "@/db/queries/statements";
import { type Holding, type Queue, takeTurns } from "@/server/domain/queue/take-turns";
import type { QueuePlaceView } from "@/server/domain/views";
import type { Context } from "../context";
import { getStatus } from "../system/get-status";

const MOST_SHOWN = 8;
/** More turns are not counted out. */
const MOST_COUNTED = 500;

const statements = preparedFor(queueQueries);

const inUse = (held: readonly Holding[], profile: string | null): number =>
  held.filter((one) => profile === null || one.profile === profile).reduce((sum, { count }) => sum + count, 0);

const isFull = ({ profile, capacity }: Pick<Queue, "profile" | "capacity">, held: readonly Holding[]): boolean =>
  capacity !== null && inUse(held, profile) >= capacity;

/** Null for a task that is not in a queue, or no more. */
export async function queuePlace(context: Context, taskKey: number): Promise<QueuePlaceView | null> {
  const { db } = context;
  const { slots, engine } = await getStatus(context);
  const waiting = findWaiting(db, taskKey);
  if (waiting === undefined) return null;
  const { profile, priority, capacity } = waiting;
  const { band, standing } = statements(db);
  const { queues, held } = standing();
  // Of a profile that is full only its own steps stand in the way; else it is the engine's slots that count.
  const within = isFull(waiting, held) ? profile : null;
  const rivals = queues.filter((queue) => (within === null ? !isFull(queue, held) : queue.profile === within));
  // Slots are given out one after the other as if none came back meanwhile, so what profiles take is left aside.
  const uncapped = rivals.map((queue) => ({ ...queue, capacity: null }));
  const most = { lanes: inUse(held, null) + MOST_COUNTED, each: MOST_COUNTED };
  const readBand = (of: string, at: number) => band(of, at, most);
  const { tasks } = takeTurns({ queues: uncapped, held, readBand }, MOST_COUNTED);
  const ahead = tasks.findIndex(({ key }) => key === taskKey);
  return {
    limit:
      within === null
        ? { kind: "engine", slots: slots.total }
        : { kind: "profile", name: profile, slots: capacity ?? 0 },
    used: inUse(held, within),
    priority,
    ahead: ahead < 0 ? null : ahead,
    experiments: countInTurn(db, waiting),
    ...countWaiting(
      db,
      uncapped.map((queue) => queue.profile),
      priority,
    ),
    holders: listHolders(db, within, MOST_SHOWN).map(({ startedAtMs, ...holder }) => ({
      ...holder,
      startedAt: startedAtMs === null ? null : new Date(startedAtMs).toISOString(),
    })),
    isEngineAlive: engine.alive,
  };
}
