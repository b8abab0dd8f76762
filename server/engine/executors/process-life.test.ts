/** What only the executor of processes has to stand: shims that are killed, other boots, numbers that come again. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { programRoot } from "@/server/platform/root";
import type { StartSpec } from "./executor";
import { eventually, executorBench, executorContract, patient } from "./executor.contract";
import { processExecutor } from "./process";

const shim = join(programRoot(), "pipelines", "runtime", "shim.sh");
const rig = {
  make: () => processExecutor({ shim }),
  order: (spec: StartSpec) => spec,
  mixesStreams: false,
  killedCode: null,
  slackMs: 0,
  ownVariables: [],
};

executorContract("process", () => rig);

const isRunning = (pid: number): boolean => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

describe("processes", () => {
  let bench: ReturnType<typeof executorBench>;
  beforeEach(() => {
    bench = executorBench(rig);
  });
  afterEach(() => bench.close());

  const pidIn = async (spec: StartSpec, file: string): Promise<number> => Number(await bench.written(spec, file));

  it("ends a daemon that left the group on a stop", async () => {
    const executor = bench.engine();
    const spec = bench.step("setsid sh -c 'trap \"\" TERM; echo $$ > child; sleep 60' & sleep 60", 200);
    const { report } = await bench.begun(executor, spec);
    const child = await pidIn(spec, "child");
    executor.stop(spec.id, 200);
    await report;
    await eventually("the daemon gone", () => !isRunning(child), 1_200);
  });

  it("kills the command at once when its shim is killed", async () => {
    const spec = bench.step("echo $$ > self; sleep 60");
    const { report, handle } = await bench.begun(bench.engine(), spec);
    const self = await pidIn(spec, "self");
    process.kill(Number(handle.pid), "SIGKILL");
    expect(await report).toMatchObject({ code: null, signal: "SIGKILL" });
    await eventually("the command gone", () => !isRunning(self), 500);
  });

  it("tells when a step began that ended while nobody looked", async () => {
    const first = bench.engine();
    const spec = bench.step("exit 5");
    const { handle } = await bench.begun(first, spec);
    first.release();
    await eventually("the exit file", () => existsSync(join(spec.directory, "exit")));
    const adoption = await bench.engine().adopt(spec, handle, () => undefined);
    expect(adoption).toMatchObject({ found: "ended", report: { code: 5, signal: null } });
    if (adoption.found === "ended") expect(adoption.startedAtMs).toBeLessThanOrEqual(adoption.report.atMs);
  });

  it("calls a step lost whose processes vanished without a trace, and ends what is left of it", async () => {
    const first = bench.engine();
    const spec = bench.step("echo $$ > self; sleep 60");
    const { handle } = await bench.begun(first, spec);
    const self = await pidIn(spec, "self");
    first.release();
    process.kill(Number(handle.pid), "SIGKILL");
    const second = bench.engine();
    await eventually("the shim gone", () => second.inspect(handle) === "gone");
    expect(await second.adopt(spec, handle, () => undefined)).toEqual({ found: "gone", because: "lost" });
    await eventually("the command gone", () => !isRunning(self), 500);
  });

  it("does not take over what ran before a reboot", async () => {
    const first = bench.engine();
    const spec = bench.step("echo $$ > self; sleep 60");
    const { handle } = await bench.begun(first, spec);
    await pidIn(spec, "self");
    first.release();
    const rebooted = processExecutor({ shim, bootId: () => "another boot" });
    expect(rebooted.inspect(handle)).toBe("reboot");
    expect(await rebooted.adopt(spec, handle, () => undefined)).toEqual({ found: "gone", because: "reboot" });
    rebooted.release();
  });

  it("never takes or ends another life of the same pid", async () => {
    const spec = bench.step("echo $$ > self; sleep 60");
    const { handle } = await bench.begun(bench.engine(), spec);
    const self = await pidIn(spec, "self");
    const other = bench.step("true");
    writeFileSync(join(other.directory, "started"), "");
    const foreign = { ...handle, startTicks: Number(handle.startTicks) - 1 };
    const second = bench.engine();
    expect(second.inspect(foreign)).toBe("gone");
    expect(await second.adopt(other, foreign, () => undefined)).toEqual({ found: "gone", because: "lost" });
    second.stop(other.id, 0);
    await delay(150);
    expect(isRunning(self)).toBe(true);
  });

  it("refuses to start where the working directory is missing or an argument too long", () => {
    const executor = bench.engine();
    const spec = bench.step("true");
    const start = (changes: Partial<StartSpec>) => () =>
      executor.start({ ...spec, ...changes }, () => undefined, patient());
    expect(start({ cwd: join(spec.directory, "nowhere") })).toThrow(/working directory .* does not exist/);
    expect(start({ argv: ["/bin/true", "x".repeat(140_000)] })).toThrow(/larger than the system takes/);
  });
});
