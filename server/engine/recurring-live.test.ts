import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CreateRecurringRunInput } from "@/server/domain/inputs/recurring-runs";
import { createRecurringRun } from "@/server/services/recurring-runs/create-recurring-run";
import { listSlots } from "@/server/services/recurring-runs/list-slots";
import { kfpSpec } from "@/server/services/testing-specs";
import { type LiveEngine, liveEngine } from "./testing/live-engine";

let live: LiveEngine;
beforeEach(async () => {
  live = await liveEngine();
});
afterEach(() => live.close());

test("a resting engine hears of a new recurring run by itself, and real processes run at its moment", async () => {
  const { context } = live.services;
  const { pipelineId } = await live.upload({ "p.json": kfpSpec("p") });
  const input = { name: "once", pipelineId, trigger: { kind: "none" }, parameters: {} };
  const { id } = await createRecurringRun(context, CreateRecurringRunInput.parse(input));
  const slots = () => listSlots(context, { id, limit: 10 }).items;
  await vi.waitUntil(() => slots().length > 0, { timeout: 20_000, interval: 10 });
  const run = await live.over(slots()[0]?.run?.id ?? "");
  expect(run).toMatchObject({ state: "succeeded", origin: "recurring", name: expect.stringMatching(/^once/) });
  expect(slots()).toHaveLength(1);
});
