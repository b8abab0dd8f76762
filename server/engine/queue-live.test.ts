/** The queues with real processes: a quiet experiment beside a busy one, and a profile beside one that is full. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createExperiment } from "@/server/services/experiments/create-experiment";
import { saveProfile } from "@/server/services/profiles/save-profile";
import { startRun } from "@/server/services/runs/start-run";
import { kfpSpec } from "@/server/services/testing-specs";
import { type LiveEngine, liveEngine } from "./testing/live-engine";

let live: LiveEngine;
beforeEach(async () => {
  live = await liveEngine();
});
afterEach(() => live.close());

test("a run of a quiet experiment starts among the first of many, and one of another profile at once", async () => {
  const { context } = live.services;
  await saveProfile(context, { name: "narrow", capacity: 1 });
  const spec = kfpSpec("p").replace('["true"]', '["sleep","0.2"]');
  const { versionId } = await live.upload({ "p.json": spec });
  const experimentId = async (name: string) => (await createExperiment(context, { name })).id;
  const [busy, quiet] = [await experimentId("Busy"), await experimentId("Quiet")];
  const start = async (profile: string, experiment: string) =>
    (await startRun(context, { versionId, profile, experimentId: experiment, cache: "ignore" })).id;
  const many = await Promise.all(Array.from({ length: 12 }, () => start("narrow", busy)));
  const waiting = context.db.$client.prepare("select count(*) from task where state = 'queued'").pluck();
  await vi.waitUntil(() => Number(waiting.get()) >= 8, { timeout: 20_000, interval: 5 });
  const [one, elsewhere] = [await start("narrow", quiet), await start("local", busy)];
  const runs = await Promise.all([one, elsewhere, ...many].map(live.over));
  expect(runs.map(({ state }) => state)).toEqual(runs.map(() => "succeeded"));
  const startedAt = runs.map((run) => Date.parse(run.startedAt ?? ""));
  const [ofQuiet = 0, ofElsewhere = 0, ...ofMany] = startedAt;
  expect(ofMany.filter((at) => at > ofQuiet).length).toBeGreaterThanOrEqual(6);
  expect(ofMany.filter((at) => at > ofElsewhere).length).toBeGreaterThanOrEqual(6);
});
