/** Tells why a queued task does not run yet: which limit is reached, how many come first, and what holds the slots. */
import { queueQueries } from "@/db/queries/engine/queue";
import { countInTurn, countWaiting, findWaiting, listHolders } from "@/db/queries/queue-place";
import { preparedFor } from "@/db/queries/statements";
import { type Holding, type Obstacle, obstacleIn, type Queue, takeTurns } from "@/server/domain/queue/take-turns";
import type { QueuePlaceView } from "@/server/domain/views/queue";
import type { Context } from "../context";
import { getStatus } from "../system/get-status";

const MOST_SHOWN = 8;
/** More turns are not counted out. */
const MOST_COUNTED = 500;

const statements = preparedFor(queueQueries);

const inUse = (held: readonly Holding[], profile: string | null): number =>
  held.filter((one) => profile === null || one.profile === profile).reduce((sum, { count }) => sum + count, 0);

/** The limit that holds a queue, and how much of it is in use; the engine's slots where its profile has room. */
function limitOf(
  queue: Queue | undefined,
  obstacle: Obstacle | null,
  held: readonly Holding[],
  slots: number,
): Pick<QueuePlaceView, "limit" | "used"> {
  const used = (of: "cpus" | "memoryBytes") =>
    held.filter(({ profile }) => profile === queue?.profile).reduce((sum, one) => sum + one[of], 0);
  if (queue === undefined || obstacle === null) return { limit: { kind: "engine", slots }, used: inUse(held, null) };
  const { profile: name } = queue;
  if (obstacle === "steps")
    return { limit: { kind: "profile", name, slots: queue.capacity ?? 0 }, used: inUse(held, name) };
  return obstacle === "cpus"
    ? { limit: { kind: "cpus", name, total: queue.cpus ?? 0 }, used: used("cpus") }
    : { limit: { kind: "memory", name, total: queue.memoryBytes ?? 0 }, used: used("memoryBytes") };
}

/** Null for a task that is not in a queue, or no more. */
export async function queuePlace(context: Context, taskKey: number): Promise<QueuePlaceView | null> {
  const { db } = context;
  const { slots, engine } = await getStatus(context);
  const waiting = findWaiting(db, taskKey);
  if (waiting === undefined) return null;
  const { profile, priority } = waiting;
  const { band, standing } = statements(db);
  const { queues, held } = standing();
  const most = { lanes: inUse(held, null) + MOST_COUNTED, each: MOST_COUNTED };
  const readBand = (of: string, at: number) => band(of, at, most);
  const obstacles = new Map(queues.map((queue) => [queue, obstacleIn(queue, { held, readBand })]));
  const own = queues.find((queue) => queue.profile === profile);
  const obstacle = (own && obstacles.get(own)) ?? null;
  // Of a profile that is full only its own steps stand in the way; else it is the engine's slots that count.
  const within = obstacle === null ? null : profile;
  const rivals = queues.filter((queue) => (within === null ? obstacles.get(queue) === null : queue === own));
  // Slots are given out one after the other as if none came back meanwhile, so what profiles take is left aside.
  const uncapped = rivals.map((queue) => ({ ...queue, capacity: null, cpus: null, memoryBytes: null }));
  const { tasks } = takeTurns({ queues: uncapped, held, readBand }, MOST_COUNTED);
  const ahead = tasks.findIndex(({ key }) => key === taskKey);
  return {
    ...limitOf(own, obstacle, held, slots.total),
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
