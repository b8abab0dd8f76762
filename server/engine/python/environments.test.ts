/** The environment cache with real virtual environments and a wheel made here; no network. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readEnvironment } from "@/server/platform/environment-folder";
import { StartRefusal } from "../attempts/contract";
import { eventually } from "../executors/executor.contract";
import { type EnvironmentRequest, environmentKey, pythonEnvironments } from "./environments";
import { type Interpreter, interpreters } from "./interpreter";
import { takeLock } from "./lock";

/** Writes a wheel by hand: no build tool, so no index. */
const WHEEL = `
import sys, zipfile
name = "tiny_thing-1.0.dist-info"
with zipfile.ZipFile(sys.argv[1] + "/tiny_thing-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("tiny_thing.py", "ANSWER = 42\\n")
    wheel.writestr(name + "/METADATA", "Metadata-Version: 2.1\\nName: tiny-thing\\nVersion: 1.0\\n")
    wheel.writestr(name + "/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(name + "/RECORD", "tiny_thing.py,,\\n" + name + "/METADATA,,\\n" + name + "/WHEEL,,\\n" + name + "/RECORD,,\\n")
`;

let wheels = "";
let python: Interpreter;
let envs = "";

beforeAll(async () => {
  wheels = mkdtempSync(join(tmpdir(), "penstock-wheels-"));
  execFileSync("python3", ["-c", WHEEL, wheels]);
  python = await interpreters(process.env).find("python3");
});
afterAll(() => rmSync(wheels, { recursive: true, force: true }));
beforeEach(() => {
  envs = mkdtempSync(join(tmpdir(), "penstock-envs-"));
});
afterEach(() => rmSync(envs, { recursive: true, force: true }));

const offline = { ...process.env, PIP_NO_INDEX: "1", UV_OFFLINE: "1" } as NodeJS.ProcessEnv;
const cache = (environment: NodeJS.ProcessEnv = offline) => pythonEnvironments({ envs, indexUrl: null, environment });
const request = (requirement = "tiny-thing==1.0"): EnvironmentRequest => ({
  interpreter: python,
  lines: [["--quiet", "--no-warn-script-location", "--find-links", wheels, requirement]],
});

function waiter() {
  const heard: string[] = [];
  const abort = new AbortController();
  return { heard, abort, say: (text: string) => heard.push(text), signal: abort.signal };
}

/** A python that says when it is asked for an environment, and then takes its time. */
function slowPython(): Interpreter {
  const script = join(wheels, "slow-python");
  writeFileSync(script, `#!/bin/sh\n[ "$2" = venv ] || exit 1\necho building >> "${envs}/calls"\nexec sleep 60\n`);
  chmodSync(script, 0o755);
  return { ...python, executable: script };
}

describe("the cache of environments", () => {
  it("builds one for all who ask at once, and finds it ready afterwards", async () => {
    const environments = cache();
    expect(environments.ready(request())).toBeNull();
    const waiters = [waiter(), waiter(), waiter()];
    const built = await Promise.all(waiters.map((one) => environments.obtain(request(), one)));
    expect(new Set(built.map(({ directory }) => directory)).size).toBe(1);
    const [first] = built;
    expect(
      execFileSync(first?.python ?? "", ["-c", "import tiny_thing; print(tiny_thing.ANSWER)"], { encoding: "utf8" }),
    ).toBe("42\n");
    expect(waiters[0]?.heard.join("")).toContain("Installing tiny-thing==1.0\n");
    expect(waiters[1]?.heard.join("")).toContain("Waiting for the Python environment that another step is building");
    expect(waiters.map(({ heard }) => heard.join("").match(/Environment ready/g)?.length)).toEqual([1, 1, 1]);
    expect(cache().ready(request())).toEqual(first);
    expect(readdirSync(envs).filter((name) => name.endsWith(".lock"))).toEqual([]);
  });

  it("keys by interpreter and by every line in order", () => {
    const keys = [
      request(),
      request("tiny-thing"),
      { ...request(), interpreter: { ...python, version: "3.0.0" } },
      { ...request(), interpreter: { ...python, realPath: "/other" } },
      { ...request(), lines: [...request().lines, ["--no-deps", "x"]] },
      { ...request(), lines: [["--no-deps", "x"], ...request().lines] },
    ].map(environmentKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(environmentKey(request())).toBe(keys[0]);
    const [[, , ...line] = []] = request().lines;
    expect(environmentKey({ interpreter: python, lines: [line] })).toBe(keys[0]);
  });

  it("fails with pip's words and what to do, and leaves nothing", async () => {
    const failed = await cache()
      .obtain(request("tiny-thing==9"), waiter())
      .then(
        () => null,
        (error: unknown) => error,
      );
    expect(failed).toBeInstanceOf(StartRefusal);
    const { reason } = failed as StartRefusal;
    expect(reason.code).toBe("environment-failed");
    expect(reason.message).toMatch(/^Cannot install tiny-thing==9\.\n.*No matching distribution/s);
    expect(reason.message).toContain("PENSTOCK_INDEX_URL");
    const key = environmentKey(request("tiny-thing==9"));
    expect(readdirSync(envs).filter((name) => !name.startsWith("uv"))).toEqual([`${key}.failed`]);
    expect(readEnvironment(envs, key)).toMatchObject({ state: "failed", note: { message: reason.message } });
  });

  it("ends a build when the last one who waits leaves, and builds anew for the next", async () => {
    const environments = cache();
    const slow = { interpreter: slowPython(), lines: [] };
    const [first, second] = [waiter(), waiter()];
    const results = [first, second].map((one) =>
      environments.obtain(slow, one).then(
        () => "built",
        () => "left",
      ),
    );
    await eventually("the build to run", () => existsSync(join(envs, "calls")));
    first.abort.abort();
    expect(await results[0]).toBe("left");
    const lock = join(envs, `${environmentKey(slow)}.lock`);
    expect(existsSync(lock)).toBe(true);
    second.abort.abort();
    expect(await results[1]).toBe("left");
    await eventually("the build ended", () => !existsSync(lock));
    const fresh = await environments.obtain({ ...slow, interpreter: python }, waiter());
    expect(existsSync(fresh.python)).toBe(true);
  });

  it("clears away what a build left that died in the middle", async () => {
    const directory = join(envs, environmentKey(request()));
    mkdirSync(join(directory, "bin"), { recursive: true });
    writeFileSync(join(directory, "bin", "python"), "half");
    writeFileSync(`${directory}.lock`, JSON.stringify({ pid: 2 ** 22, startTicks: 1, bootId: "old", worker: null }));
    const built = await cache().obtain(request(), waiter());
    expect(execFileSync(built.python, ["-c", "import tiny_thing"], { encoding: "utf8" })).toBe("");
  });
});

describe("the lock between processes", () => {
  const never = new AbortController().signal;

  it("is held by one at a time", async () => {
    const path = join(envs, "x.lock");
    const first = await takeLock(path, never, () => undefined);
    let hasWaited = false;
    let hasSecond = false;
    const second = takeLock(path, never, () => {
      hasWaited = true;
    }).then((lock) => {
      hasSecond = true;
      return lock;
    });
    await eventually("the second to wait", () => hasWaited);
    first.setWorker(process.pid);
    await delay(150);
    expect(hasSecond).toBe(false);
    first.release();
    (await second).release();
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(envs)).toEqual([]);
  });

  it("is taken over from the dead by exactly one", async () => {
    const path = join(envs, "x.lock");
    writeFileSync(path, JSON.stringify({ pid: 2 ** 22, startTicks: 1, bootId: "old", worker: null }));
    let holders = 0;
    let most = 0;
    const one = async () => {
      const lock = await takeLock(path, never, () => undefined);
      holders += 1;
      most = Math.max(most, holders);
      await delay(5);
      holders -= 1;
      lock.release();
    };
    await Promise.all(Array.from({ length: 6 }, one));
    expect(most).toBe(1);
  });

  it("stops waiting when asked to", async () => {
    const path = join(envs, "x.lock");
    const held = await takeLock(path, never, () => undefined);
    const abort = new AbortController();
    const waiting = takeLock(path, abort.signal, () => abort.abort());
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    held.release();
  });
});
