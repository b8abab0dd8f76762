import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { recurringRun, run, runParameter, slot, version } from "@/db/schema";
import { aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { CATCH_UPS, OVERLAPS } from "@/server/domain/recurrence/words";
import { givenRecurring, slotTroubles, watchActive } from "./testing/given-recurring";
import { givenCancel, givenRetry, givenRun, givenVersion } from "./testing/given-run";
import { illegalChanges, watchStates } from "./testing/invariants";
import { flushPromises, Stage, type StageOptions } from "./testing/stage";

const MINUTE = 60_000;
/** Whole seconds, as anchors are. */
const BEGIN = 1_000_000;
const graph = aGraph([aStep("a")]);

let open: Stage[] = [];
afterEach(() => {
  for (const stage of open) stage.db.$client.close();
  open = [];
});

async function opened(lastsMs: number, options: StageOptions = {}): Promise<Stage> {
  const stage = await Stage.open({ slots: 20, fate: () => ({ lastsMs }), ...options });
  open.push(stage);
  return stage;
}

/** What became of each moment, in minutes since the beginning. */
function told(stage: Stage): string {
  const minutes = (at: Date): number => (at.getTime() - BEGIN) / MINUTE;
  const rows = stage.db.select().from(slot).orderBy(slot.at).all();
  return rows
    .map(({ at, lastAt, count, runKey, skipReason }) => {
      if (runKey !== null) return `${minutes(at)}`;
      return count === 1 ? `${minutes(at)} ${skipReason}` : `${minutes(at)}-${minutes(lastAt)} ${skipReason}`;
    })
    .join(", ");
}

const runsOf = (stage: Stage) => stage.db.select().from(run).orderBy(run.key).all();
const statesOf = (stage: Stage): string =>
  runsOf(stage)
    .map(({ state }) => state)
    .join(" ");
const theRow = (stage: Stage) => stage.db.select().from(recurringRun).get();

describe("a recurring run", () => {
  it("makes one run at each of its moments, named and dated as Kubeflow does", async () => {
    const stage = await opened(100);
    const key = givenRecurring(stage.db, graph, BEGIN);
    await stage.play(3 * MINUTE + 1_000);
    expect(runsOf(stage)).toMatchObject(
      [1, 2, 3].map((index) => ({
        name: expect.stringMatching(`^eachminuteabcde-${index}-\\d+$`),
        state: "succeeded",
        origin: "recurring",
        recurringRunKey: key,
        scheduledAt: new Date(BEGIN + index * MINUTE),
        createdAt: new Date(BEGIN + index * MINUTE),
      })),
    );
    expect(theRow(stage)).toMatchObject({ runCount: 3, nextAt: new Date(BEGIN + 4 * MINUTE) });
    expect(slotTroubles(stage.db, key)).toEqual([]);
  });

  it("has its moments counted and told in the values of its parameters", async () => {
    const stage = await opened(100);
    const parameter = { name: "s", type: "string" as const, required: true };
    const parameters = { s: "[[Index]] [[ScheduledTime]]" };
    givenRecurring(stage.db, { ...graph, parameters: [parameter] }, BEGIN, { parameters });
    await stage.play(MINUTE);
    expect(stage.db.select().from(runParameter).get()).toMatchObject({
      raw: "[[Index]] [[ScheduledTime]]",
      value: "1 19700101001740",
    });
  });

  it("ends with the moment of its end, and a one-off with its only one", async () => {
    const stage = await opened(100);
    givenRecurring(stage.db, graph, BEGIN, { endAt: new Date(BEGIN + 2 * MINUTE) });
    const once = givenRecurring(stage.db, graph, BEGIN, { trigger: { kind: "none" } });
    await stage.play(10 * MINUTE);
    expect(told(stage)).toBe("0, 1, 2");
    expect(
      stage.db
        .select()
        .from(recurringRun)
        .all()
        .map(({ nextAt }) => nextAt),
    ).toEqual([null, null]);
    expect(slotTroubles(stage.db, once)).toEqual([]);
  });

  it("is heard of when somebody makes it while the engine rests, and not while it is disabled", async () => {
    const stage = await opened(100);
    await stage.play(MINUTE);
    givenRecurring(stage.db, graph, stage.nowMs, { isEnabled: false });
    await stage.play(5 * MINUTE);
    expect(runsOf(stage)).toEqual([]);
    givenRecurring(stage.db, graph, stage.nowMs);
    await stage.play(2 * MINUTE);
    expect(runsOf(stage)).toHaveLength(2);
  });

  it("is disabled with the reason when its version fits no more, and is not tried again", async () => {
    const stage = await opened(100);
    const key = givenRecurring(stage.db, graph, BEGIN);
    await stage.play(MINUTE);
    stage.db
      .update(version)
      .set({ deletedAt: new Date(BEGIN) })
      .run();
    stage.nowMs = BEGIN + 3 * MINUTE;
    await stage.play(10 * MINUTE);
    expect(told(stage)).toBe("1, 2-3 version");
    expect(theRow(stage)).toMatchObject({ isEnabled: false, disabledReason: expect.stringContaining("was deleted") });
    expect(slotTroubles(stage.db, key)).toEqual([]);
  });

  it("that is damaged is disabled and stops nobody else", async () => {
    const stage = await opened(100);
    const bad = givenRecurring(stage.db, graph, BEGIN);
    const good = givenRecurring(stage.db, graph, BEGIN);
    stage.db.update(recurringRun).set({ triggerKind: "cron", cron: "no cron" }).where(eq(recurringRun.key, bad)).run();
    await stage.play(2 * MINUTE);
    expect(runsOf(stage).map(({ recurringRunKey }) => recurringRunKey)).toEqual([good, good]);
    expect(theRow(stage)).toMatchObject({ isEnabled: false, disabledReason: "Expected 6 fields, found 2: no cron" });
  });
});

describe("its policies", () => {
  // Each run takes two and a half minutes; the engine is away from 3.5 to 8.5 minutes.
  const expected: { readonly [policies: string]: string } = {
    "wait none": "1, 2, 3, 4-7 catch-up, 8, 9, 10",
    "wait latest": "1, 2, 3, 4-7 catch-up, 8, 9, 10",
    "wait all": "1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
    "skip none": "1, 2 overlap, 3 overlap, 4-7 catch-up, 8, 9 overlap, 10 overlap",
    "skip latest": "1, 2 overlap, 3 overlap, 4-7 catch-up, 8, 9 overlap, 10 overlap",
    "skip all": "1, 2 overlap, 3 overlap, 4, 5-8 overlap, 9 overlap, 10 overlap",
    "cancel none": "1, 2, 3, 4-7 catch-up, 8, 9, 10",
    "cancel latest": "1, 2, 3, 4-7 catch-up, 8, 9, 10",
    "cancel all": "1, 2, 3, 4-7 overlap, 8, 9, 10",
  };
  const combinations = OVERLAPS.flatMap((overlap) => CATCH_UPS.map((catchUp) => ({ overlap, catchUp })));

  it.each(combinations)(
    "overlap $overlap with catch-up $catchUp: no moment is lost, none is doubled",
    async (policies) => {
      for (const maxConcurrency of [1, 3]) {
        const stage = await opened(2.5 * MINUTE);
        watchStates(stage.db);
        const mostActive = watchActive(stage.db);
        const key = givenRecurring(stage.db, graph, BEGIN, { ...policies, maxConcurrency });
        await stage.play(3.5 * MINUTE);
        stage.nowMs = BEGIN + 8.5 * MINUTE;
        await stage.restart();
        await stage.play(1.5 * MINUTE);
        stage.db.update(recurringRun).set({ isEnabled: false }).run();
        await stage.play();
        expect(slotTroubles(stage.db, key)).toEqual([]);
        expect(mostActive()).toBeLessThanOrEqual(maxConcurrency);
        expect(illegalChanges(stage.db)).toEqual([]);
        expect(runsOf(stage).every(({ isHeld }) => !isHeld)).toBe(true);
        const wanted = expected[`${policies.overlap} ${policies.catchUp}`];
        if (maxConcurrency === 1) expect(told(stage)).toBe(wanted);
        const ends = policies.overlap === "cancel" ? /^(?:canceled |succeeded )*succeeded$/ : /^(?:succeeded ?)+$/;
        expect(statesOf(stage)).toMatch(ends);
      }
    },
  );

  it("wait: a run is made at its moment, says what it waits for, and begins when there is room", async () => {
    const stage = await opened(90_000);
    givenRecurring(stage.db, graph, BEGIN);
    await stage.play(2 * MINUTE);
    expect(runsOf(stage)[1]).toMatchObject({ state: "pending", isHeld: true, reason: { code: "overlap" } });
    expect(runsOf(stage)[1]?.scheduledAt).toEqual(new Date(BEGIN + 2 * MINUTE));
    await stage.play(30_000);
    expect(runsOf(stage)[1]).toMatchObject({ state: "running", isHeld: false, reason: null });
    expect(runsOf(stage)[1]?.startedAt).toEqual(new Date(BEGIN + 2.5 * MINUTE));
  });

  it("wait: no more than a hundred do", async () => {
    const stage = await opened(200 * MINUTE);
    givenRecurring(stage.db, graph, BEGIN);
    await stage.play(103 * MINUTE);
    expect(runsOf(stage)).toHaveLength(101);
    expect(told(stage)).toMatch(/, 101, 102 overlap, 103 overlap$/);
  });

  it("a run that waits can be canceled and never begins; a retry waits its turn too", async () => {
    const stage = await opened(90_000);
    watchStates(stage.db);
    const mostActive = watchActive(stage.db);
    givenRecurring(stage.db, graph, BEGIN, { endAt: new Date(BEGIN + 3 * MINUTE) });
    await stage.play(2 * MINUTE);
    const [first, second] = runsOf(stage);
    givenCancel(stage.db, second?.key ?? 0);
    await stage.settle();
    expect(statesOf(stage)).toBe("running canceled");
    givenCancel(stage.db, first?.key ?? 0);
    await stage.play(MINUTE);
    expect(statesOf(stage)).toBe("canceled canceled running");
    givenRetry(stage.db, first?.key ?? 0);
    await stage.settle();
    expect(statesOf(stage)).toBe("pending canceled running");
    await stage.play();
    expect(statesOf(stage)).toBe("succeeded canceled succeeded");
    expect(mostActive()).toBe(1);
    expect(illegalChanges(stage.db, { isRetried: true })).toEqual([]);
  });
});

describe("whatever the clock does", () => {
  it("a jump forward is caught up with as is wished; after a jump back nothing comes twice", async () => {
    const stage = await opened(100);
    const key = givenRecurring(stage.db, graph, BEGIN, { catchUp: "latest" });
    await stage.play(2 * MINUTE);
    stage.nowMs = BEGIN + 1_440 * MINUTE;
    await stage.settle();
    stage.nowMs = BEGIN + 2 * MINUTE;
    await stage.play(60 * MINUTE);
    expect(told(stage)).toBe("1, 2, 3-1439 catch-up, 1440");
    stage.nowMs = BEGIN + 1_441 * MINUTE;
    await stage.settle();
    expect(told(stage)).toBe("1, 2, 3-1439 catch-up, 1440, 1441");
    expect(slotTroubles(stage.db, key)).toEqual([]);
  });

  it("a month away with a thousand recurring runs of each minute is one run and one skip each", async () => {
    const stage = await opened(0);
    const versionKey = givenVersion(stage.db, graph);
    const cron = { kind: "cron", cron: "0 * * * * *" } as const;
    stage.db.$client.transaction(() => {
      for (let at = 0; at < 1_000; at += 1)
        givenRecurring(stage.db, versionKey, BEGIN, { trigger: cron, catchUp: "latest" });
    })();
    stage.nowMs = BEGIN + 43_200 * MINUTE;
    const beganAt = performance.now();
    while (stage.engine.nextTimerMs <= stage.nowMs) stage.engine.turn();
    console.log(`1,000 recurring runs a month overdue are settled in ${Math.round(performance.now() - beganAt)} ms`);
    const rows = stage.db.select().from(slot).all();
    expect(rows.filter(({ runKey }) => runKey !== null)).toHaveLength(1_000);
    expect(rows.filter(({ skipReason }) => skipReason === "catch-up")).toHaveLength(1_000);
    expect(slotTroubles(stage.db, 1)).toEqual([]);
  }, 120_000);
});

describe("many at one moment", () => {
  it("are made before the runs that come of them are taken up, and what runs already goes on", async () => {
    const stage = await opened(10);
    const versionKey = givenVersion(stage.db, graph);
    for (let at = 0; at < 500; at += 1) givenRecurring(stage.db, versionKey, BEGIN);
    const other = givenRun(stage.db, versionKey);
    await stage.settle();
    stage.nowMs = BEGIN + MINUTE;
    stage.runner.endDue();
    await flushPromises();
    for (let turn = 0; turn < 3; turn += 1) stage.engine.turn();
    expect(stage.db.select().from(slot).all()).toHaveLength(500);
    expect(runsOf(stage).filter(({ isNoticed }) => isNoticed).length).toBeLessThan(20);
    expect(runsOf(stage).find(({ key }) => key === other)?.state).toBe("succeeded");
    await stage.play(1_000);
    expect(new Set(runsOf(stage).map(({ state }) => state))).toEqual(new Set(["succeeded"]));
  });
});

describe("an engine that is killed between any two writes", () => {
  it("leaves one run or one skip for each moment, at every single point", async () => {
    let hasDied = true;
    for (let at = 1; hasDied; at += 1) {
      hasDied = false;
      for (const isAfter of [false, true]) {
        const stage = await Stage.open({ slots: 20, cuts: [{ at, isAfter }], fate: () => ({ lastsMs: 1.5 * MINUTE }) });
        watchStates(stage.db);
        const mostActive = watchActive(stage.db);
        const key = givenRecurring(stage.db, graph, BEGIN, { endAt: new Date(BEGIN + 3 * MINUTE) });
        await stage.play();
        hasDied ||= stage.deaths > 0;
        expect(slotTroubles(stage.db, key)).toEqual([]);
        expect(statesOf(stage)).toBe("succeeded succeeded succeeded");
        expect(mostActive()).toBe(1);
        expect(illegalChanges(stage.db)).toEqual([]);
        stage.db.$client.close();
      }
    }
  }, 120_000);

  it("does so under any policies, away for any time", async () => {
    const cut = fc.record({ at: fc.integer({ min: 1, max: 60 }), isAfter: fc.boolean() });
    const world = fc.record({
      overlap: fc.constantFrom(...OVERLAPS),
      catchUp: fc.constantFrom(...CATCH_UPS),
      maxConcurrency: fc.integer({ min: 1, max: 3 }),
      lastsMs: fc.integer({ min: 0, max: 4 * MINUTE }),
      awayMs: fc.integer({ min: 0, max: 12 * MINUTE }),
      cuts: fc.array(cut, { maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ lastsMs, awayMs, cuts, ...policies }) => {
        const stage = await Stage.open({ slots: 2, cuts, fate: () => ({ lastsMs, stopsInMs: lastsMs % 700 }) });
        watchStates(stage.db);
        const mostActive = watchActive(stage.db);
        const endAt = new Date(BEGIN + 15 * MINUTE);
        const key = givenRecurring(stage.db, graph, BEGIN, { ...policies, endAt });
        await stage.play(2.2 * MINUTE);
        stage.nowMs += awayMs;
        await stage.play();
        expect(slotTroubles(stage.db, key)).toEqual([]);
        expect(mostActive()).toBeLessThanOrEqual(policies.maxConcurrency);
        expect(illegalChanges(stage.db)).toEqual([]);
        expect(statesOf(stage)).toMatch(/^(?:(?:succeeded|canceled) ?)*$/);
        stage.db.$client.close();
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
