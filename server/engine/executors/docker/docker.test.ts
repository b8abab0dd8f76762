/** The executor of containers: the contract of executors with a real engine, and what only it has to stand. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { leftOut, startTestEngine, type TestEngine, whyNoEngine } from "@/e2e/support/container-engine";
import type { Adoption, ExitReport } from "../../attempts/contract";
import type { StartSpec } from "../executor";
import { type ExecutorRig, eventually, executorBench, executorContract, patient } from "../executor.contract";
import { engineClient } from "./client";
import { LABELS } from "./container-body";
import { dockerExecutor } from "./docker";
import { dockerRig, testOrder } from "./testing";

const why = whyNoEngine();

describe.runIf(why === null)(`with a real engine${leftOut(why)}`, () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  }, 60_000);
  afterAll(() => engine.close(), 60_000);
  const rig = (): ExecutorRig => dockerRig(engine, dockerExecutor);

  executorContract("docker", rig);

  describe("containers", () => {
    const given = () => {
      const bench = executorBench(rig());
      onTestFinished(() => bench.close());
      const client = engineClient(engine.socket);
      onTestFinished(() => client.close());
      const named = async (spec: StartSpec) =>
        (await client.list(LABELS.fence)).filter((one) => one.Labels[LABELS.directory] === spec.directory);
      return { bench, client, named };
    };

    it("say that theirs was removed from outside", async () => {
      const { bench, client } = given();
      const spec = bench.step("echo up >self; sleep 60");
      const { report, handle } = await bench.begun(bench.engine(), spec);
      await bench.written(spec, "self");
      await client.remove(String(handle.container));
      expect(await report).toMatchObject({
        code: null,
        reason: { code: "lost", message: expect.stringMatching(/removed from outside/) },
      });
    });

    it("are lost where they were removed while nobody looked, and never begun where they were never started", async () => {
      const { bench, client, named } = given();
      const lost = bench.step("echo up >self; sleep 60");
      const first = bench.engine();
      const { handle } = await bench.begun(first, lost);
      await bench.written(lost, "self");
      first.release();
      await client.remove(String(handle.container));
      expect(await bench.engine().adopt(lost, handle, () => undefined)).toEqual({ found: "gone", because: "lost" });

      // As an engine leaves it that dies between making a container and starting it.
      const made = bench.step("echo ran >ran");
      const fence = { fence: crypto.randomUUID(), socket: engine.socket, image: engine.image, logBytes: 0 };
      writeFileSync(join(made.directory, "container"), JSON.stringify(fence));
      const labels = { [LABELS.directory]: made.directory, [LABELS.fence]: fence.fence };
      await client.create(`penstock-${fence.fence}`, { Image: engine.image, Cmd: ["true"], Labels: labels });
      expect(await bench.engine().adopt(made, null, () => undefined)).toEqual({ found: "never-begun" });
      await eventually("its container gone", async () => (await named(made)).length === 0);
      expect(existsSync(join(made.directory, "ran"))).toBe(false);
    });

    it("are removed when nobody follows them, and no others are", async () => {
      const { bench, client, named } = given();
      const spec = bench.step("echo up >self; sleep 60");
      const kept = { ...bench.step("true"), keepMs: 3_600_000 };
      const first = bench.engine();
      await bench.begun(first, spec);
      await bench.run(first, kept);
      await bench.written(spec, "self");
      first.release();
      const foreign = { [LABELS.directory]: join(bench.home, "elsewhere"), [LABELS.fence]: crypto.randomUUID() };
      mkdirSync(foreign[LABELS.directory] ?? "");
      await client.create("somebody-elses", { Image: engine.image, Cmd: ["true"], Labels: foreign });
      onTestFinished(() => client.remove("somebody-elses"));
      const second = dockerExecutor({ firstSweepMs: 1 });
      onTestFinished(() => second.release());
      // An engine that adopts nothing: the attempt's row is gone.
      second.reapStrays(bench.home, () => false);
      expect(await second.inspect({ container: "none", socket: engine.socket })).toBe("gone");
      await eventually("the forgotten one gone", async () => (await named(spec)).length === 0);
      expect(await named(kept)).toHaveLength(1);
      expect((await client.inspect("somebody-elses")).State.Status).toBe("created");
      await client.remove((await named(kept))[0]?.Id ?? "");
    });

    it("stop an engine that goes away from nothing: they are followed when it is back", async () => {
      const { bench } = given();
      const spec = bench.step("echo before; echo up >self; while [ ! -e go ]; do sleep 0.05; done; echo after; exit 6");
      const executor = bench.engine();
      const { report } = await bench.begun(executor, spec);
      await bench.written(spec, "self");
      process.kill(engine.pid(), "SIGSTOP");
      writeFileSync(join(spec.directory, "go"), "");
      process.kill(engine.pid(), "SIGCONT");
      expect(await report).toMatchObject({ code: 6 });
      expect(readFileSync(join(spec.directory, "log"), "utf8")).toBe("before\nafter\n");
    });

    it("tell a restart of the engine from a failure of the step, and go on after it", async () => {
      const { bench } = given();
      const spec = bench.step("echo up >self; sleep 60");
      const executor = bench.engine();
      const { report } = await bench.begun(executor, spec);
      await bench.written(spec, "self");
      const adopted = bench.step("echo up >self; sleep 60");
      const earlier = bench.engine();
      const { handle } = await bench.begun(earlier, adopted);
      await bench.written(adopted, "self");
      earlier.release();
      await engine.end("SIGTERM");
      let found: Adoption | null = null;
      const second = bench.engine();
      const end = new Promise<ExitReport>((resolve) => {
        void second.adopt(adopted, handle, resolve).then((one) => {
          found = one;
        });
      });
      await eventually("it is taken to be alive", () => found !== null);
      expect(found).toMatchObject({ found: "alive" });
      await engine.start();
      for (const one of [await report, await end]) {
        expect(one.reason).toMatchObject({
          code: "signal",
          message: expect.stringMatching(/was stopped or restarted/),
        });
      }
      expect(await bench.run(executor, bench.step("exit 3"))).toMatchObject({ code: 3 });
    }, 40_000);

    it("are refused in words where there is no engine", async () => {
      const { bench } = given();
      const spec = { ...bench.step("true"), engine: "/no/such.sock" };
      const executor = dockerExecutor({ comeBackMs: 300 });
      await expect(executor.start(spec, () => undefined, patient())).rejects.toMatchObject({
        reason: { code: "engine-gone", message: expect.stringContaining("nothing listens at /no/such.sock") },
      });
      const remote = { ...bench.step("true"), engine: "ssh://host" };
      await expect(executor.start(remote, () => undefined, patient())).rejects.toThrow(/ssh:\/\/host is not on this/);
      executor.release();
    });

    it("can be given up while their image is on its way", async () => {
      const { bench } = given();
      const abort = new AbortController();
      const spec = bench.step("echo ran >ran");
      const container = { ...testOrder(engine, spec.directory), image: "127.0.0.1:9/none:1", pull: "missing" as const };
      const started = bench
        .engine()
        .start({ ...spec, container }, () => undefined, { say: () => abort.abort(), signal: abort.signal });
      await expect(started).rejects.toThrow();
      expect(existsSync(join(spec.directory, "ran"))).toBe(false);
    });
  });
});
