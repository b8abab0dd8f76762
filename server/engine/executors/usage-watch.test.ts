/** What attempts take, measured on real processes: memory of whole trees, processor time, limits, and what a crash leaves of it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { programRoot } from "@/server/platform/root";
import type { ExitReport } from "../attempts/contract";
import { readUsage } from "./attempt-traces";
import type { StartSpec } from "./executor";
import { eventually } from "./executor.contract";
import { type ProcessExecutor, processExecutor } from "./process";
import { type ListedProcess, membership, type ProcessTree, psReader } from "./process-tree";
import { isShared, nextLook } from "./usage-watch";

const MB = 1_000_000;
const shim = join(programRoot(), "pipelines", "runtime", "shim.sh");
const python = execFileSync("sh", ["-c", "command -v python3"], { encoding: "utf8" }).trim();

let home: string;
let executors: ProcessExecutor[];
let counter = 0;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "penstock-usage-"));
  executors = [];
});
afterEach(() => {
  engine().reapStrays(home, () => false);
  for (const executor of executors) executor.release();
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
});

function engine(): ProcessExecutor {
  const made = processExecutor({ shim });
  executors.push(made);
  return made;
}

function step(argv: readonly [string, ...string[]], memoryLimitBytes?: number): StartSpec {
  counter += 1;
  const directory = join(home, String(counter));
  mkdirSync(directory);
  const id = `run/${counter}/1`;
  const env = { PATH: "/usr/bin:/bin", PENSTOCK_ATTEMPT: id };
  const limit = memoryLimitBytes === undefined ? {} : { memoryLimitBytes };
  return { id, directory, graceMs: 300, argv, cwd: directory, env, ...limit };
}

const script = (text: string, limit?: number) => step([python, "-c", text], limit);

const run = (spec: StartSpec): Promise<ExitReport> => new Promise((resolve) => engine().start(spec, resolve));

const HOLD = `held = bytearray(b"x") * ${100 * MB}; import time; time.sleep`;

describe("what a step took", () => {
  it("is its peak memory and its processor time", async () => {
    const [held, busy] = await Promise.all([
      run(script(`${HOLD}(1)`)),
      run(script("import time; end = time.process_time() + 0.5\nwhile time.process_time() < end: pass")),
    ]);
    expect(held.code).toBe(0);
    expect(held.usage?.peakBytes).toBeGreaterThan(100 * MB);
    expect(held.usage?.peakBytes).toBeLessThan(130 * MB);
    expect(busy.usage?.cpuMs).toBeGreaterThanOrEqual(480);
    expect(busy.usage?.cpuMs).toBeLessThan(800);
  });

  it("counts the children that it waited for and the memory that they hold side by side", async () => {
    const both = `${python} -c '${HOLD}(0.8)' & ${python} -c '${HOLD}(0.8)' & wait`;
    const { usage } = await run(step(["/bin/sh", "-c", both]));
    expect(usage?.peakBytes).toBeGreaterThan(200 * MB);
    expect(usage?.peakBytes).toBeLessThan(250 * MB);
    expect(usage?.cpuMs).toBeGreaterThan(20);
  });

  it("counts memory that forked processes share once", async ({ skip }) => {
    if (process.platform !== "linux") skip("only Linux says what processes share");
    const forks = [
      `import os, time; held = bytearray(b"x") * ${100 * MB}`,
      "for _ in range(3):",
      "    if os.fork() == 0: time.sleep(0.8); os._exit(0)",
      "for _ in range(3): os.wait()",
    ].join("\n");
    const { code, usage } = await run(script(forks, 250 * MB));
    expect(code).toBe(0);
    expect(usage?.peakBytes).toBeGreaterThan(100 * MB);
    expect(usage?.peakBytes).toBeLessThan(200 * MB);
  });

  it("follows processes that left the group of the step, as long as the step lives", async () => {
    const away = `${python} -c 'import os; os.setsid(); ${HOLD}(0.8)' & wait`;
    const { usage } = await run(step(["/bin/sh", "-c", away]));
    expect(usage?.peakBytes).toBeGreaterThan(100 * MB);
  });

  it("is null, or a first sight, for a step that is over at once", async () => {
    const { usage } = await run(step(["/bin/true"]));
    expect(usage?.peakBytes ?? 0).toBeLessThan(20 * MB);
    expect(usage?.cpuMs).toBeLessThan(50);
  });

  it("survives the engine: seen on adoption, and also when the step ended while nobody looked", async () => {
    for (const isOver of [false, true]) {
      const spec = script(`${HOLD}(1)`);
      const first = processExecutor({ shim });
      const handle = first.start(spec, () => undefined);
      await eventually("the peak is kept", () => (readUsage(spec.directory).peakBytes ?? 0) > 100 * MB);
      first.release();
      const { pid } = handle;
      const isGone = (): boolean => {
        try {
          process.kill(Number(pid), 0);
          return false;
        } catch {
          return true;
        }
      };
      if (isOver) await eventually("the step is over", isGone);
      const report = await new Promise<ExitReport>((resolve) => {
        void engine()
          .adopt(spec, handle, resolve)
          .then((adoption) => {
            if (adoption.found === "ended") resolve(adoption.report);
          });
      });
      expect(report).toMatchObject({ code: 0 });
      expect(report.usage?.peakBytes).toBeGreaterThan(100 * MB);
      expect(report.usage?.cpuMs).toBeGreaterThan(0);
    }
  });

  it("is known as far as it was seen of a step that was killed whole", async () => {
    const spec = script(`import os, time; end = time.process_time() + 0.4
while time.process_time() < end: pass
os.killpg(0, 9)`);
    const { signal, usage } = await run(spec);
    expect(signal).toBe("SIGKILL");
    expect(usage?.cpuMs).toBeGreaterThan(100);
    expect(usage?.peakBytes).toBeGreaterThan(0);
  });
});

describe("a memory limit", () => {
  it("ends a step that holds more, with all its children, and says how much it was", async () => {
    const spec = step(["/bin/sh", "-c", `trap '' TERM; ${python} -c '${HOLD}(30)'; sleep 30`], 50 * MB);
    const report = await run(spec);
    expect(report.overMemory).toMatchObject({ limitBytes: 50 * MB });
    expect(report.overMemory?.usedBytes).toBeGreaterThan(50 * MB);
    expect(report.code).toBe(137);
    expect(report.usage?.cpuMs).not.toBeNull();
  });

  it("leaves a step alone that stays below, files that it maps included", async ({ skip }) => {
    if (process.platform !== "linux") skip("only Linux tells mapped files from memory");
    const mapped = [
      "import mmap, os, time",
      `open("f", "wb").truncate(${150 * MB})`,
      'with open("f", "rb") as f:',
      "    m = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)",
      `    sum(m[i] for i in range(0, ${150 * MB}, 4096)); time.sleep(0.6)`,
    ].join("\n");
    const report = await run(script(mapped, 80 * MB));
    expect(report).toMatchObject({ code: 0 });
    expect(report.usage?.peakBytes).toBeGreaterThan(150 * MB);
    expect(report.overMemory).toBeUndefined();
  });

  it("is remembered when the engine dies between the kill and the end", async () => {
    const spec = script(`${HOLD}(30)`, 50 * MB);
    const first = processExecutor({ shim });
    const handle = first.start(spec, () => undefined);
    await eventually("the limit is noticed", () => readUsage(spec.directory).overMemory !== null);
    first.release();
    const report = await new Promise<ExitReport>((resolve) => {
      void engine()
        .adopt(spec, handle, resolve)
        .then((adoption) => {
          if (adoption.found === "ended") resolve(adoption.report);
        });
    });
    expect(report.overMemory).toMatchObject({ limitBytes: 50 * MB });
  });
});

describe("when an attempt is looked at", () => {
  it("is soon at first, then about a tenth of its age later, and more often under a limit", () => {
    expect(nextLook(10, false)).toBe(110);
    expect(nextLook(5_000, false)).toBe(5_500);
    expect(nextLook(100_000, false)).toBe(101_000);
    expect(nextLook(100_000, true)).toBe(100_250);
  });

  it("exact sizes are asked for only where sums mislead", () => {
    expect(isShared([])).toBe(false);
    expect(isShared([2 ** 40, 1_000_000])).toBe(false);
    expect(isShared([2 ** 40, 2 ** 30])).toBe(true);
  });
});

describe("who belongs to a tree", () => {
  const listed = (...rows: readonly (readonly [number, number, number])[]): ListedProcess[] =>
    rows.map(([pid, parent, group]) => ({ pid, parent, group, startTicks: pid * 10 }));

  it("is whoever is in the group, descends from it, or did when it was seen before", () => {
    const first = membership([10], listed([1, 0, 1], [10, 1, 10], [11, 10, 10], [12, 11, 12], [13, 1, 13]), new Map());
    expect([...first.keys()]).toEqual([10, 11, 12]);
    const second = membership([10], listed([1, 0, 1], [10, 1, 10], [12, 1, 12], [13, 1, 13]), first);
    expect([...second.keys()]).toEqual([10, 12]);
    const reused = listed([10, 1, 10], [12, 1, 12]).map((one) => (one.pid === 12 ? { ...one, startTicks: 7 } : one));
    expect([...membership([10], reused, second).keys()]).toEqual([10]);
  });

  it("is found in any list, circles included", () => {
    const process = fc.record({
      pid: fc.integer({ min: 1, max: 12 }),
      parent: fc.integer({ min: 0, max: 12 }),
      group: fc.integer({ min: 1, max: 12 }),
      startTicks: fc.constant(0),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(process, { selector: ({ pid }) => pid }),
        fc.uniqueArray(fc.integer({ min: 1, max: 12 })),
        (list, groups) => {
          for (const [pid, { group }] of membership(groups, list, new Map())) {
            expect(groups).toContain(group);
            expect(list.some((one) => one.pid === pid)).toBe(true);
          }
        },
      ),
    );
  });

  it("is told by ps as well", async () => {
    const spec = script(`${HOLD}(2)`);
    const { pid } = engine().start(spec, () => undefined);
    await eventually("it holds its memory", () => (readUsage(spec.directory).peakBytes ?? 0) > 100 * MB);
    const trees = await new Promise<ReadonlyMap<number, ProcessTree>>((resolve) =>
      psReader().read([Number(pid)], resolve),
    );
    const members = trees.get(Number(pid))?.members ?? [];
    expect(members).toHaveLength(1);
    expect(members[0]?.residentBytes).toBeGreaterThan(100 * MB);
  });
});
