/** What every executor keeps to, as tests; an implementation runs them with its own set-up. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Adoption, ExitReport } from "../attempts/contract";
import type { Executor, StartSpec } from "./executor";

/** Looks again and again until it holds; fails with what it waited for. */
export async function eventually(what: string, holds: () => boolean, withinMs = 5_000): Promise<void> {
  for (const until = performance.now() + withinMs; !holds(); await delay(5)) {
    if (performance.now() > until) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
  }
}

const isRunning = (pid: number): boolean => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

/** Runs the suite; `make` gives a fresh executor, as a new engine would, `bootId` plays another boot of the machine. */
export function executorContract(name: string, make: (bootId?: string) => Executor): void {
  describe(`${name}: contract of executors`, () => {
    let home: string;
    let executors: Executor[];
    let counter = 0;

    beforeEach(() => {
      home = mkdtempSync(join(tmpdir(), "penstock-executor-"));
      executors = [];
    });
    afterEach(async () => {
      const last = engine();
      last.reapStrays(home);
      for (const executor of executors) executor.release();
      await delay(0);
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    });

    const engine = (bootId?: string): Executor => {
      const made = make(bootId);
      executors.push(made);
      return made;
    };
    const step = (script: string, graceMs = 300): StartSpec => {
      counter += 1;
      const directory = join(home, String(counter));
      mkdirSync(directory);
      const id = `run/${counter}/1`;
      return {
        id,
        directory,
        graceMs,
        argv: ["/bin/sh", "-c", script],
        cwd: directory,
        env: { PATH: "/usr/bin:/bin", PENSTOCK_ATTEMPT: id },
      };
    };
    const run = (executor: Executor, spec: StartSpec): Promise<ExitReport> =>
      new Promise((resolve) => executor.start(spec, resolve));
    const begun = (executor: Executor, spec: StartSpec) => {
      let ended: (report: ExitReport) => void = () => undefined;
      const report = new Promise<ExitReport>((resolve) => {
        ended = resolve;
      });
      return { handle: executor.start(spec, ended), report };
    };
    const log = (spec: StartSpec): string => readFileSync(join(spec.directory, "log"), "utf8");
    const pidIn = async (spec: StartSpec, file: string): Promise<number> => {
      const path = join(spec.directory, file);
      await eventually(`${file} written`, () => existsSync(path) && readFileSync(path, "utf8").endsWith("\n"));
      return Number(readFileSync(path, "utf8"));
    };

    it.each([
      ["true", 0],
      ["false", 1],
      ["exit 3", 3],
      ["exit 113", 113],
      ["kill -9 $$", 137],
    ])("reports the exit code of `%s`", async (script, code) => {
      expect(await run(engine(), step(script))).toMatchObject({ code, signal: null });
    });

    it("keeps both outputs in one private log, in order", async () => {
      const spec = step("echo one; echo two >&2; echo three");
      await run(engine(), spec);
      expect(log(spec)).toBe("one\ntwo\nthree\n");
    });

    it("gives no input and the given environment only", async () => {
      const spec = step("cat; env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD= | sort");
      await run(engine(), spec);
      expect(log(spec)).toBe(`PATH=/usr/bin:/bin\nPENSTOCK_ATTEMPT=${spec.id}\n`);
    });

    it("ends a step that heeds TERM at once", async () => {
      const executor = engine();
      const spec = step("sleep 60 & echo $! > child; wait", 5_000);
      const { report } = begun(executor, spec);
      const child = await pidIn(spec, "child");
      executor.stop(spec.id, 5_000);
      expect(await report).toMatchObject({ code: 143 });
      await eventually("the child gone", () => !isRunning(child), 1_000);
    });

    it("kills a step that ignores TERM after the grace", async () => {
      const executor = engine();
      const spec = step("trap '' TERM; echo $$ > self; while :; do sleep 0.05; done");
      const { report } = begun(executor, spec);
      const self = await pidIn(spec, "self");
      const asked = performance.now();
      executor.stop(spec.id, 250);
      const { code } = await report;
      expect(code).toBeNull();
      expect(performance.now() - asked).toBeGreaterThan(200);
      expect(performance.now() - asked).toBeLessThan(1_250);
      expect(isRunning(self)).toBe(false);
    });

    it("shortens the grace when asked again", async () => {
      const executor = engine();
      const spec = step("trap '' TERM; echo $$ > self; while :; do sleep 0.05; done");
      const { report } = begun(executor, spec);
      await pidIn(spec, "self");
      executor.stop(spec.id, 60_000);
      executor.stop(spec.id, 0);
      expect((await report).code).toBeNull();
    });

    it("ends with its main command and reaps what it left in the background", async () => {
      const executor = engine();
      const spec = step("(trap '' TERM; echo $$; exec sleep 60) & echo $! > child; exit 4", 200);
      expect(await run(executor, spec)).toMatchObject({ code: 4 });
      const child = await pidIn(spec, "child");
      await eventually("the child gone", () => !isRunning(child), 1_200);
    });

    it("reaps a daemon that left the group, after the end and on a stop", async () => {
      const executor = engine();
      const over = step("setsid sh -c 'echo $$ > child; sleep 60' & while [ ! -s child ]; do sleep 0.01; done", 200);
      await run(executor, over);
      const first = await pidIn(over, "child");
      const stopped = step("setsid sh -c 'trap \"\" TERM; echo $$ > child; sleep 60' & sleep 60", 200);
      const { report } = begun(executor, stopped);
      const second = await pidIn(stopped, "child");
      executor.stop(stopped.id, 200);
      await report;
      await eventually("both daemons gone", () => !isRunning(first) && !isRunning(second), 1_200);
    });

    it("kills the command at once when its shim is killed", async () => {
      const spec = step("echo $$ > self; sleep 60");
      const { report, handle } = begun(engine(), spec);
      const self = await pidIn(spec, "self");
      process.kill(Number(handle.pid), "SIGKILL");
      expect(await report).toMatchObject({ code: null, signal: "SIGKILL" });
      await eventually("the command gone", () => !isRunning(self), 500);
    });

    it("reports nothing after release and leaves the step running for the next engine", async () => {
      const first = engine();
      const spec = step("echo $$ > self; while [ ! -e go ]; do sleep 0.01; done; exit 7");
      let reports = 0;
      const handle = first.start(spec, () => {
        reports += 1;
      });
      await pidIn(spec, "self");
      first.release();
      const second = engine();
      expect(second.inspect(handle)).toBe("alive");
      let found: Adoption | null = null;
      const report = new Promise<ExitReport>((resolve) => {
        void second.adopt(spec, handle, resolve).then((adoption) => {
          found = adoption;
          writeFileSync(join(spec.directory, "go"), "");
        });
      });
      expect(await report).toMatchObject({ code: 7, signal: null });
      expect(found).toMatchObject({ found: "alive", handle });
      expect(second.inspect(handle)).toBe("gone");
      expect(reports).toBe(0);
    });

    it("adopts without a recorded handle", async () => {
      const first = engine();
      const spec = step("echo $$ > self; sleep 60");
      const { handle } = begun(first, spec);
      await pidIn(spec, "self");
      first.release();
      const second = engine();
      let ended: (report: ExitReport) => void = () => undefined;
      const report = new Promise<ExitReport>((resolve) => {
        ended = resolve;
      });
      expect(await second.adopt(spec, null, ended)).toMatchObject({ found: "alive", handle });
      second.stop(spec.id, 200);
      expect((await report).code).toBe(143);
    });

    it("finds the report of a step that ended while nobody looked", async () => {
      const first = engine();
      const spec = step("exit 5");
      const handle = first.start(spec, () => undefined);
      first.release();
      await eventually("the exit file", () => existsSync(join(spec.directory, "exit")));
      const before = Date.now();
      const adoption = await engine().adopt(spec, handle, () => undefined);
      expect(adoption).toMatchObject({ found: "ended", report: { code: 5, signal: null } });
      if (adoption.found !== "ended") return;
      expect(adoption.startedAtMs).toBeLessThanOrEqual(adoption.report.atMs);
      expect(adoption.report.atMs).toBeLessThanOrEqual(before);
    });

    it("fences off a step that never began, so that a late shim runs nothing", async () => {
      const spec = step("echo ran > ran");
      const executor = engine();
      expect(await executor.adopt(spec, null, () => undefined)).toEqual({ found: "never-begun" });
      const late = await run(executor, spec);
      expect(late).toMatchObject({ code: null, signal: null });
      expect(existsSync(join(spec.directory, "ran"))).toBe(false);
    });

    it("takes an attempt without a directory as never begun", async () => {
      const spec = step("true");
      rmSync(spec.directory, { recursive: true });
      expect(await engine().adopt(spec, null, () => undefined)).toEqual({ found: "never-begun" });
    });

    it("calls a step lost whose processes vanished without a trace, and ends what is left of it", async () => {
      const first = engine();
      const spec = step("echo $$ > self; sleep 60");
      const { handle } = begun(first, spec);
      const self = await pidIn(spec, "self");
      first.release();
      process.kill(Number(handle.pid), "SIGKILL");
      const second = engine();
      await eventually("the shim gone", () => second.inspect(handle) === "gone");
      expect(await second.adopt(spec, handle, () => undefined)).toEqual({ found: "gone", because: "lost" });
      await eventually("the command gone", () => !isRunning(self), 500);
    });

    it("does not take over what ran before a reboot", async () => {
      const first = engine();
      const spec = step("echo $$ > self; sleep 60");
      const { handle } = begun(first, spec);
      await pidIn(spec, "self");
      first.release();
      const rebooted = engine("another boot");
      expect(rebooted.inspect(handle)).toBe("reboot");
      expect(await rebooted.adopt(spec, handle, () => undefined)).toEqual({ found: "gone", because: "reboot" });
    });

    it("never takes or ends another life of the same pid", async () => {
      const spec = step("echo $$ > self; sleep 60");
      const { handle } = begun(engine(), spec);
      const self = await pidIn(spec, "self");
      const other = step("true");
      writeFileSync(join(other.directory, "started"), "");
      const foreign = { ...handle, startTicks: Number(handle.startTicks) - 1 };
      const second = engine();
      expect(second.inspect(foreign)).toBe("gone");
      expect(await second.adopt(other, foreign, () => undefined)).toEqual({ found: "gone", because: "lost" });
      second.stop(other.id, 0);
      await delay(150);
      expect(isRunning(self)).toBe(true);
    });

    it("refuses to start where the working directory is missing or an argument too long", () => {
      const executor = engine();
      const spec = step("true");
      const start = (changes: Partial<StartSpec>) => () => executor.start({ ...spec, ...changes }, () => undefined);
      expect(start({ cwd: join(spec.directory, "nowhere") })).toThrow(/working directory .* does not exist/);
      expect(start({ argv: ["/bin/true", "x".repeat(140_000)] })).toThrow(/larger than the system takes/);
    });
  });
}
