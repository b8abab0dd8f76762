/** What every executor keeps to, as tests; an implementation runs them with its own set-up. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Adoption, ExitReport } from "../attempts/contract";
import { StartRefusal } from "../attempts/contract";
import type { Executor, StartSpec } from "./executor";

/** Looks again and again until it holds; fails with what it waited for. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 5_000,
): Promise<void> {
  for (const until = performance.now() + withinMs; !(await holds()); await delay(5)) {
    if (performance.now() > until) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
  }
}

/** How an implementation is set up, and where it may differ. */
export interface ExecutorRig {
  /** A fresh executor, as a new engine would have it. */
  readonly make: () => Executor;
  /** Adds to a step what this executor needs to know of it. */
  readonly order: (spec: StartSpec) => StartSpec;
  /** Each stream keeps its order, but what was written to both in one moment may come in either. */
  readonly mixesStreams: boolean;
  /** What is reported of a step that was killed. */
  readonly killedCode: number | null;
  /** How much longer than elsewhere a start or an end may take here; 0 where they are immediate. */
  readonly slackMs: number;
  /** Variables that come from nowhere but the executor itself. */
  readonly ownVariables: readonly string[];
}

/** Who waits for a start in tests: hears nothing and never gives up. */
export const patient = () => ({ say: () => undefined, signal: new AbortController().signal });

/** A folder of steps for one test, with what tests ask of them. */
export function executorBench(rig: ExecutorRig) {
  const home = mkdtempSync(join(tmpdir(), "penstock-executor-"));
  const executors: Executor[] = [];
  let counter = 0;
  const engine = (): Executor => {
    const made = rig.make();
    executors.push(made);
    return made;
  };
  const step = (script: string, graceMs = 300, changes: Partial<StartSpec> = {}): StartSpec => {
    counter += 1;
    const directory = join(home, String(counter));
    mkdirSync(directory);
    const id = `run/${counter}/1`;
    return rig.order({
      id,
      directory,
      graceMs,
      argv: ["/bin/sh", "-c", script],
      cwd: directory,
      env: { PATH: "/usr/bin:/bin", PENSTOCK_ATTEMPT: id },
      ...changes,
    });
  };
  const begun = async (executor: Executor, spec: StartSpec) => {
    let ended: (report: ExitReport) => void = () => undefined;
    const report = new Promise<ExitReport>((resolve) => {
      ended = resolve;
    });
    return { handle: await executor.start(spec, (one) => ended(one), patient()), report };
  };
  return {
    home,
    engine,
    step,
    begun,
    run: async (executor: Executor, spec: StartSpec): Promise<ExitReport> => (await begun(executor, spec)).report,
    log: (spec: StartSpec): string => readFileSync(join(spec.directory, "log"), "utf8"),
    /** Waits for a file that the step writes a whole line into. */
    written: async (spec: StartSpec, file: string): Promise<string> => {
      const path = join(spec.directory, file);
      await eventually(
        `${file} written`,
        () => existsSync(path) && readFileSync(path, "utf8").endsWith("\n"),
        10_000 + rig.slackMs,
      );
      return readFileSync(path, "utf8").trim();
    },
    async close() {
      engine().reapStrays(home, () => false);
      for (const executor of executors) executor.release();
      await delay(0);
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

/** A command that writes as long as it lives. */
const beating = (file: string): string => `while :; do echo beat >>${file}; sleep 0.02; done`;

/** Runs the suite. */
export function executorContract(name: string, rig: () => ExecutorRig): void {
  describe(`${name}: contract of executors`, () => {
    let bench: ReturnType<typeof executorBench>;
    let slackMs = 0;
    beforeEach(() => {
      slackMs = rig().slackMs;
      bench = executorBench(rig());
    });
    afterEach(() => bench.close());

    const size = (spec: StartSpec, file: string): number =>
      statSync(join(spec.directory, file), { throwIfNoEntry: false })?.size ?? 0;
    /** Fails unless what wrote the file has ended by then. */
    const silent = (spec: StartSpec, file: string, withinMs: number) =>
      eventually(
        `${file} grows no more`,
        async () => {
          const before = size(spec, file);
          await delay(120);
          return size(spec, file) === before;
        },
        withinMs,
      );

    it.each([
      ["true", 0],
      ["false", 1],
      ["exit 113", 113],
      ["kill -9 $$", 137],
      ["kill -TERM $$", 143],
    ])("reports the exit code of `%s`", async (script, code) => {
      expect(await bench.run(bench.engine(), bench.step(script))).toMatchObject({ code, signal: null });
    });

    it("keeps both outputs in one private log", async () => {
      const spec = bench.step("echo one; echo two >&2; echo three");
      await bench.run(bench.engine(), spec);
      const lines = bench.log(spec).split("\n");
      expect(lines).toHaveLength(4);
      expect(rig().mixesStreams ? lines.filter((line) => line !== "two") : lines).toEqual(
        rig().mixesStreams ? ["one", "three", ""] : ["one", "two", "three", ""],
      );
      expect(statSync(join(spec.directory, "log")).mode & 0o777).toBe(0o600);
    });

    it("gives no input and the given environment only", async () => {
      const spec = bench.step("cat; env | sort");
      await bench.run(bench.engine(), spec);
      const own = new Set(["PWD", "_", "SHLVL", "OLDPWD", ...rig().ownVariables]);
      const lines = bench.log(spec).split("\n");
      expect(lines.filter((line) => line !== "" && !own.has(line.replace(/=.*/, "")))).toEqual([
        "PATH=/usr/bin:/bin",
        `PENSTOCK_ATTEMPT=${spec.id}`,
      ]);
    });

    it("hands arguments and variables over as they are", async () => {
      const odd = ["", "a b", "*", "$HOME", "`id`", "-n", "\\n", "--privileged", "é\n"];
      const script = 'printf "[%s]" "$@" "$ODD"';
      const spec = bench.step("", 300, { argv: ["/bin/sh", "-c", script, "sh", ...odd] });
      await bench.run(bench.engine(), { ...spec, env: { ...spec.env, ODD: "x=y;$(id)\n∑" } });
      expect(bench.log(spec)).toBe([...odd, "x=y;$(id)\n∑"].map((word) => `[${word}]`).join(""));
    });

    it("reads and writes the step's own folder", async () => {
      const spec = bench.step("cat given; echo made >made");
      writeFileSync(join(spec.directory, "given"), "a thing given\n");
      await bench.run(bench.engine(), spec);
      expect(bench.log(spec)).toBe("a thing given\n");
      expect(readFileSync(join(spec.directory, "made"), "utf8")).toBe("made\n");
    });

    it("keeps every byte of a large output, whatever it is", async () => {
      const file = "bytes";
      const line = Buffer.concat([
        Buffer.alloc(400, "x"),
        Buffer.from([0, 1, 0xff, 0xfe, 0x80, 10, 13, 27, 0xe2, 0x88]),
      ]);
      const bytes = Buffer.alloc(3_000_000, line);
      const spec = bench.step(`cat ${file}`);
      writeFileSync(join(spec.directory, file), bytes);
      await bench.run(bench.engine(), spec);
      const digest = (data: Buffer) => createHash("sha256").update(data).digest("hex");
      expect(digest(readFileSync(join(spec.directory, "log")))).toBe(digest(bytes));
    });

    it("says that a command is not there", async () => {
      const spec = bench.step("", 300, { argv: ["/bin/sh", "-c", "exec /no/such/program"] });
      expect(await bench.run(bench.engine(), spec)).toMatchObject({ code: 127 });
      expect(bench.log(spec)).toMatch(/no\/such\/program/);
    });

    it("ends a step that holds more memory than it may", async () => {
      const hoard = "(head -c 300000000 /dev/zero; sleep 4) | tail -c 299999999 >/dev/null";
      const report = await bench.run(bench.engine(), bench.step(hoard, 300, { memoryLimitBytes: 32 * 2 ** 20 }));
      expect(report.overMemory !== undefined || report.reason?.code === "out-of-memory").toBe(true);
    });

    it("ends a step that heeds TERM at once, with all that it started", async () => {
      const executor = bench.engine();
      const spec = bench.step(`(${beating("child")}) & wait`, 5_000);
      const { report } = await bench.begun(executor, spec);
      await bench.written(spec, "child");
      const asked = performance.now();
      executor.stop(spec.id, 5_000 + slackMs);
      expect(await report).toMatchObject({ code: 143 });
      expect(performance.now() - asked).toBeLessThan(4_000 + slackMs);
      await silent(spec, "child", 2_000);
    });

    it("kills a step that ignores TERM after the grace", async () => {
      const executor = bench.engine();
      const spec = bench.step(`trap '' TERM; ${beating("self")}`);
      const { report } = await bench.begun(executor, spec);
      await bench.written(spec, "self");
      const asked = performance.now();
      executor.stop(spec.id, 250);
      expect((await report).code).toBe(rig().killedCode);
      expect(performance.now() - asked).toBeGreaterThan(200);
      expect(performance.now() - asked).toBeLessThan(3_000 + slackMs);
      await silent(spec, "self", 1_000);
    });

    it("shortens the grace when asked again", async () => {
      const executor = bench.engine();
      const spec = bench.step(`trap '' TERM; ${beating("self")}`);
      const { report } = await bench.begun(executor, spec);
      await bench.written(spec, "self");
      executor.stop(spec.id, 60_000);
      executor.stop(spec.id, 0);
      expect((await report).code).toBe(rig().killedCode);
    });

    it("ends with its main command and reaps what it left, in its group and out of it", async () => {
      const stubborn = (file: string) => `trap '' TERM; ${beating(file)}`;
      const left = `(${stubborn("child")}) & setsid sh -c "${stubborn("daemon")}" &`;
      const spec = bench.step(`${left} while [ ! -s child ] || [ ! -s daemon ]; do sleep 0.01; done; exit 4`, 200);
      expect(await bench.run(bench.engine(), spec)).toMatchObject({ code: 4 });
      await silent(spec, "child", 2_500);
      await silent(spec, "daemon", 2_500);
    });

    it("reports nothing after release and leaves the step running for the next engine", async () => {
      const first = bench.engine();
      const spec = bench.step(
        "echo before; echo up >self; while [ ! -e go ]; do sleep 0.01; done; echo after >&2; exit 7",
      );
      let reports = 0;
      const handle = await first.start(
        spec,
        () => {
          reports += 1;
        },
        patient(),
      );
      await bench.written(spec, "self");
      first.release();
      const second = bench.engine();
      expect(await second.inspect(handle)).toBe("alive");
      let found: Adoption | null = null;
      const report = new Promise<ExitReport>((resolve) => {
        void second.adopt(spec, handle, resolve).then((adoption) => {
          found = adoption;
          writeFileSync(join(spec.directory, "go"), "");
        });
      });
      expect(await report).toMatchObject({ code: 7, signal: null });
      expect(found).toMatchObject({ found: "alive", handle });
      await eventually("it is gone", async () => (await second.inspect(handle)) === "gone", 5_000 + slackMs);
      expect(reports).toBe(0);
      expect(bench.log(spec)).toBe("before\nafter\n");
    });

    it("adopts without a recorded handle", async () => {
      const first = bench.engine();
      const spec = bench.step("echo up >self; sleep 60");
      const { handle } = await bench.begun(first, spec);
      await bench.written(spec, "self");
      first.release();
      const second = bench.engine();
      let ended: (report: ExitReport) => void = () => undefined;
      const report = new Promise<ExitReport>((resolve) => {
        ended = resolve;
      });
      expect(await second.adopt(spec, null, ended)).toMatchObject({ found: "alive", handle });
      second.stop(spec.id, 200);
      expect((await report).code).toBe(143);
    });

    it("finds the report of a step that ended while nobody looked, with its whole output", async () => {
      const first = bench.engine();
      const spec = bench.step("echo said; echo up >self; exit 5");
      const { handle } = await bench.begun(first, spec);
      first.release();
      await bench.written(spec, "self");
      await eventually("it has ended", async () => (await bench.engine().inspect(handle)) === "gone", 5_000 + slackMs);
      const second = bench.engine();
      const report = await new Promise<ExitReport>((resolve) => {
        void second.adopt(spec, handle, resolve).then((one) => {
          if (one.found === "ended") resolve(one.report);
        });
      });
      expect(report).toMatchObject({ code: 5, signal: null });
      expect(report.atMs).toBeLessThanOrEqual(Date.now());
      expect(bench.log(spec)).toBe("said\n");
    });

    /** What a start comes to that must run nothing: a refusal, or an end without a code. */
    const comesToNothing = async (executor: Executor, spec: StartSpec): Promise<void> => {
      const report = await bench.run(executor, spec).catch((error: unknown) => {
        if (error instanceof StartRefusal) return { code: null };
        throw error;
      });
      expect(report).toMatchObject({ code: null });
    };

    it("fences off a step that never began, so that a late start runs nothing", async () => {
      const spec = bench.step("echo ran > ran");
      const executor = bench.engine();
      expect(await executor.adopt(spec, null, () => undefined)).toEqual({ found: "never-begun" });
      await comesToNothing(executor, spec);
      expect(existsSync(join(spec.directory, "ran"))).toBe(false);
    });

    it("never runs an attempt twice", async () => {
      const spec = bench.step("echo ran >>ran; sleep 60");
      const first = bench.engine();
      const { report } = await bench.begun(first, spec);
      await bench.written(spec, "ran");
      await comesToNothing(bench.engine(), spec);
      first.stop(spec.id, 0);
      await report;
      expect(readFileSync(join(spec.directory, "ran"), "utf8")).toBe("ran\n");
    });

    it("takes an attempt without a directory as never begun", async () => {
      const spec = bench.step("true");
      rmSync(spec.directory, { recursive: true });
      expect(await bench.engine().adopt(spec, null, () => undefined)).toEqual({ found: "never-begun" });
    });
  });
}
