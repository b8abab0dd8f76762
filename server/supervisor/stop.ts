/** What becomes of running steps when the server stops: they go on, unless they are to end first. */
import { setTimeout as pause } from "node:timers/promises";
import { type Db, transact } from "@/db/client";
import { countLiveAttempts, requestCancelOfAll } from "@/db/queries/stop-steps";

const END_STEPS_MS = 60_000;

const several = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

/** Says how many steps go on running, or with `endsSteps` asks the engine to end all runs and waits for their steps. */
export async function leaveSteps(
  db: Db,
  plan: { readonly endsSteps: boolean; readonly hurrying: AbortSignal; readonly tell: (line: string) => void },
): Promise<void> {
  const running = countLiveAttempts(db);
  if (!plan.endsSteps) {
    const steps = running === 1 ? "1 step goes" : `${running} steps go`;
    plan.tell(
      running === 0 ? "Stopping; no step is running." : `Stopping; ${steps} on running, the next start takes over.`,
    );
    return;
  }
  const runs = await transact(db, (tx) => requestCancelOfAll(tx, new Date(), "--stop-steps"));
  plan.tell(
    `Ending ${several(runs, "run")} with ${several(running, "step")} before stopping; Ctrl-C again stops without waiting.`,
  );
  for (const deadline = Date.now() + END_STEPS_MS; countLiveAttempts(db) > 0; await pause(50)) {
    if (!plan.hurrying.aborted && Date.now() < deadline) continue;
    plan.tell(`${several(countLiveAttempts(db), "step")} did not end yet; the next start takes over.`);
    return;
  }
}
