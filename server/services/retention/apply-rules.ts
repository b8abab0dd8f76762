/** Puts into the trash what the rules take; each run is judged again in the transaction that moves it. */
import { addEvent } from "@/db/queries/events";
import { runsTaken } from "@/db/queries/retention";
import { deleteRunRow } from "@/db/queries/run-writes";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { readSetting } from "../settings/setting";

const AT_ONCE = 100;

/** How many went. */
export async function applyRetention(context: Pick<Context, "db" | "now">, signal?: AbortSignal): Promise<number> {
  const { db, now } = context;
  let moved = 0;
  for (const rule of readSetting(db, "retention-rules")) {
    for (;;) {
      const count = await write(db, (tx) => {
        const at = now();
        const runs = runsTaken(tx, rule, at.getTime(), AT_ONCE);
        for (const { key, id } of runs) {
          deleteRunRow(tx, key, at);
          addEvent(tx, { at, topic: "run", subject: id, kind: "deleted" });
        }
        return runs.length;
      });
      moved += count;
      if (count < AT_ONCE || signal?.aborted) break;
    }
    if (signal?.aborted) break;
  }
  return moved;
}
