import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, slot } from "@/db/schema";
import type { Trigger } from "@/server/domain/recurrence/schedule";
import { addRecurringRun, type NewRecurringRunRequest } from "@/server/services/recurring-runs/create-recurring-run";
import { type TestServices, testServices } from "@/server/services/testing";
import { kfpSpec } from "@/server/services/testing-specs";
import { storeUpload } from "@/server/services/uploads/store-upload";
import { slotTroubles } from "./testing/given-recurring";
import { Stage } from "./testing/stage";

const MINUTE = 60_000;

let services: TestServices;
let pipelineId: string;
beforeEach(async () => {
  services = testServices();
  const stored = await storeUpload(services.context, { files: [services.receive("p.json", kfpSpec("p"))] });
  pipelineId = stored.pipeline.id;
});
afterEach(() => services.close());

async function played(asked: Partial<NewRecurringRunRequest>, forMs: number): Promise<void> {
  await addRecurringRun(services.context, {
    name: "hello world",
    pipelineId,
    trigger: { kind: "none" },
    startAt: null,
    endAt: null,
    maxConcurrency: 10,
    overlap: "wait",
    catchUp: "all",
    parameters: undefined,
    isEnabled: true,
    by: null,
    ...asked,
  });
  const stage = await Stage.open({ db: services.context.db });
  stage.nowMs = services.context.now().getTime();
  await stage.play(forMs);
}

const runs = () => services.context.db.select().from(run).orderBy(run.key).all();

describe("a recurring run of a Kubeflow client", () => {
  const triggers: readonly (readonly [string, Trigger])[] = [
    ["interval", { kind: "interval", everyMs: MINUTE }],
    ["cron", { kind: "cron", cron: "0 * * * * *" }],
  ];

  it.each(triggers)(
    "with an %s in a window of two minutes that is over makes two runs, or one without catch-up",
    async (_, trigger) => {
      const now = services.context.now().getTime();
      const window = { trigger, startAt: new Date(now - 2 * MINUTE), endAt: new Date(now) };
      await played({ ...window, catchUp: "all" }, MINUTE);
      expect(runs().map(({ scheduledAt }) => scheduledAt.getTime() - now)).toEqual([-MINUTE, 0]);
      await played({ ...window, catchUp: "latest" }, MINUTE);
      expect(runs().map(({ scheduledAt }) => scheduledAt.getTime() - now)).toEqual([-MINUTE, 0, 0]);
      for (const key of [1, 2]) expect(slotTroubles(services.context.db, key)).toEqual([]);
    },
  );

  it("without a trigger makes one run at once, named after it, and no other", async () => {
    await played({}, 60 * MINUTE);
    expect(runs()).toMatchObject([
      { name: expect.stringMatching(/^helloworld[a-z0-9]{5}-1-\d+$/), state: "succeeded" },
    ]);
    expect(services.context.db.select().from(slot).all()).toHaveLength(1);
  });

  it("takes the version that is the newest at each moment", async () => {
    await played({ trigger: { kind: "interval", everyMs: MINUTE } }, MINUTE);
    services.advance(MINUTE);
    const files = [services.receive("p.json", kfpSpec("p", ["a", "b"]))];
    const { version } = await storeUpload(services.context, { files, pipelineId });
    const stage = await Stage.open({ db: services.context.db });
    stage.nowMs = services.context.now().getTime();
    await stage.play(MINUTE);
    expect(version.number).toBe(2);
    expect(new Set(runs().map(({ versionKey }) => versionKey)).size).toBe(2);
  });
});
