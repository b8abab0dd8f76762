/** Scripted races around a moment: people edit, switch, delete and restore recurring runs while the engine settles them. */

import { eq } from "drizzle-orm";
import { recurringRun, run, slot } from "@/db/schema";
import { randomFrom } from "@/db/seed/rng";
import { CreateRecurringRunInput } from "@/server/domain/inputs/recurring-runs";
import { firstSlot, type Schedule, slotsOf, type Trigger } from "@/server/domain/recurrence/schedule";
import { OVERLAPS } from "@/server/domain/recurrence/words";
import { createRecurringRun } from "@/server/services/recurring-runs/create-recurring-run";
import { deleteRecurringRun, restoreRecurringRun } from "@/server/services/recurring-runs/delete-recurring-run";
import { disableRecurringRun, enableRecurringRun } from "@/server/services/recurring-runs/switch-recurring-run";
import { updateRecurringRun } from "@/server/services/recurring-runs/update-recurring-run";
import type { TestServices } from "@/server/services/testing";
import { Stage } from "./stage";

const MINUTE = 60_000;
const TRIGGERS = [
  { kind: "cron", cron: "* * * * *" },
  { kind: "cron", cron: "*/30 * * * * *" },
] as const;

/** From when on which schedule held, and whether anything could become a run. */
interface Epoch {
  readonly fromMs: number;
  readonly trigger: Trigger;
  readonly isOn: boolean;
}

type Action = "edit" | "disable" | "enable" | "delete" | "restore";

/** What is wrong with the slots of one race: every moment once, none of a time that was switched off as a run. */
function troubles(services: TestServices, key: number, epochs: readonly Epoch[], endMs: number): string[] {
  const { db } = services.context;
  const found: string[] = [];
  const expected = new Map<number, boolean>();
  epochs.forEach(({ fromMs, trigger, isOn }, at) => {
    const schedule: Schedule = { trigger, timeZone: "UTC", anchorMs: fromMs, endMs: epochs[at + 1]?.fromMs ?? endMs };
    const slots = slotsOf(schedule);
    for (let next = firstSlot(schedule); next !== null; next = slots.next(next)) expected.set(next, isOn);
  });
  const rows = db.select().from(slot).where(eq(slot.recurringRunKey, key)).all();
  const told = rows.reduce((sum, { count }) => sum + count, 0);
  if (told !== expected.size) found.push(`${told} moments are recorded, ${expected.size} were due`);
  for (const { at, lastAt, runKey } of rows) {
    for (const ms of [at.getTime(), lastAt.getTime()]) {
      if (!expected.has(ms)) found.push(`${at.toISOString()} was never due`);
    }
    if (runKey !== null && expected.get(at.getTime()) === false)
      found.push(`${at.toISOString()} became a run while it was off`);
  }
  const runs = db.select({ key: run.key }).from(run).where(eq(run.recurringRunKey, key)).all().length;
  const made = rows.filter(({ runKey }) => runKey !== null).length;
  if (runs !== made) found.push(`${runs} runs of ${made} slots`);
  return found;
}

/** Plays so many races on one database and tells what went wrong in any of them. */
export async function race(services: TestServices, pipelineId: string, races: number, seed: number): Promise<string[]> {
  const { context } = services;
  const random = randomFrom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const stage = await Stage.open({ db: context.db, slots: 50, fate: () => ({ lastsMs: 10 }) });
  const nowMs = () => context.now().getTime();
  const found: string[] = [];
  for (let number = 0; number < races; number += 1) {
    const begin = nowMs();
    const { id } = await createRecurringRun(
      context,
      CreateRecurringRunInput.parse({
        name: `race ${number}`,
        pipelineId,
        trigger: TRIGGERS[0],
        timeZone: "UTC",
        overlap: pick(OVERLAPS),
        catchUp: "all",
        maxConcurrency: 10,
      }),
    );
    let trigger: Trigger = { kind: "cron", cron: "0 * * * * *" };
    let isEnabled = true;
    let isThere = true;
    const epochs: Epoch[] = [{ fromMs: Math.floor(begin / 1_000) * 1_000, trigger, isOn: true }];
    const does: { readonly [action in Action]: () => Promise<unknown> } = {
      edit: () => {
        const next = pick(TRIGGERS);
        trigger = { kind: "cron", cron: next.cron.startsWith("*/") ? next.cron : `0 ${next.cron}` };
        return updateRecurringRun(context, { id, trigger: next });
      },
      disable: () => disableRecurringRun(context, id),
      enable: () => enableRecurringRun(context, id),
      delete: () => deleteRecurringRun(context, { id, endsRuns: false }),
      restore: () => restoreRecurringRun(context, id),
    };
    for (let step = 0; step < 6; step += 1) {
      // To a millisecond before a moment, onto it, or just after it.
      const toMoment = MINUTE / 2 - (nowMs() % (MINUTE / 2));
      services.advance(toMoment + pick([-1, 0, 0, 1]));
      stage.nowMs = nowMs();
      if (random() < 0.5) await stage.settle();
      // Two clients at once: what the second does finds what the first has left, in the same instant.
      for (let client = 0; client < pick([1, 2]); client += 1) {
        const action: Action = isThere ? pick(["edit", "disable", "enable", "delete"]) : "restore";
        await does[action]();
        if (action === "disable" || action === "enable") isEnabled = action === "enable";
        if (action === "delete" || action === "restore") isThere = action === "restore";
        epochs.push({ fromMs: nowMs(), trigger, isOn: isEnabled && isThere });
      }
      if (random() < 0.5) await stage.settle();
    }
    if (!isThere) await restoreRecurringRun(context, id);
    // What passed while it was off is recorded once it is switched on again, not before.
    await enableRecurringRun(context, id);
    await disableRecurringRun(context, id);
    const endMs = nowMs();
    const key = context.db
      .select({ key: recurringRun.key })
      .from(recurringRun)
      .where(eq(recurringRun.id, id))
      .get()?.key;
    found.push(...troubles(services, key ?? 0, epochs, endMs).map((trouble) => `race ${number}: ${trouble}`));
    await stage.play(MINUTE);
    services.advance(Math.max(stage.nowMs - nowMs(), 0));
  }
  return found;
}
