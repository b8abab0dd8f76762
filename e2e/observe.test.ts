/** What watches a server from outside: readiness follows the engine within seconds, counters never go back. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseExposition } from "@/server/web/testing-exposition";
import { apiOf } from "./support/api";
import { isBuilt } from "./support/hard-server";
import { startServer, type TestServer, until } from "./support/server";
import { alone, shell } from "./support/shell-specs";

describe("a server that is watched", () => {
  let server: TestServer;
  beforeEach(({ skip }) => skip(!isBuilt, "nothing is built; run `npm run build` first"));
  beforeAll(async () => {
    if (isBuilt) server = await startServer({ env: { PENSTOCK_LOG: "warn" } });
  });
  afterAll(async () => server?.remove());

  const readiness = async () => (await fetch(`${server.url}/readyz`)).status;
  const enginePid = () => server.children().engine ?? 0;
  const scrape = async () => {
    const answer = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${server.token}` } });
    return parseExposition(await answer.text());
  };

  test("readiness answers 503 within 5 s of freezing the engine and 200 again when it goes on", async () => {
    const pid = enginePid();
    process.kill(pid, "SIGSTOP");
    const frozenAt = Date.now();
    try {
      await until("readiness to fall", async () => (await readiness()) === 503, 8_000);
      expect(Date.now() - frozenAt).toBeLessThanOrEqual(5_500);
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await until("readiness to come back", async () => (await readiness()) === 200, 5_000);
    expect(enginePid()).toBe(pid);
  });

  test("after kill -9 of the engine it is ready again, and no counter has gone back", async () => {
    const api = apiOf(server);
    const version = (await api.upload({ "spec.yaml": alone("counted", shell("echo counted")) })).version.id;
    await api.finished((await api.createRun(version)).id);
    await until("a sign of life that knows of the run", async () => {
      return ((await scrape()).value("penstock_engine_turn_seconds_count", {}) ?? 0) > 2;
    });
    const before = await scrape();
    expect(before.value("penstock_run_transitions_total", { state: "succeeded" })).toBe(1);
    expect(before.value("penstock_attempt_transitions_total", { state: "succeeded" })).toBe(1);
    expect(before.value("penstock_step_state_seconds_count", { state: "running" })).toBe(1);
    const pid = enginePid();
    process.kill(pid, "SIGKILL");
    const killedAt = Date.now();
    await until("another engine", () => enginePid() !== 0 && enginePid() !== pid, 10_000, 5);
    await until("a run by the new engine", async () => {
      return (await api.finished((await api.createRun(version)).id)).state === "succeeded";
    });
    console.log(`a new engine had done a run ${Date.now() - killedAt} ms after the kill`);
    expect(await readiness()).toBe(200);
    const after = await scrape();
    const fallen = [...before.samples].filter(([name, value]) => {
      const isSum = /^(penstock_\w+_total|penstock_(engine_turn|run_state|step_state)_seconds_(bucket|sum|count))\{/;
      return isSum.test(name) && (after.samples.get(name) ?? -1) < value;
    });
    expect(fallen).toEqual([]);
    expect(after.value("penstock_run_transitions_total", { state: "succeeded" })).toBe(2);
  });
});
