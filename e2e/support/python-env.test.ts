import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { pythonEnv } from "./python-env";

// Making an environment takes seconds of a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const cache = mkdtempSync(join(tmpdir(), "penstock-envs-"));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const folderOf = (python: string): string => dirname(dirname(python));

/** A package that needs no index. */
function localPackage(name: string): string {
  const folder = join(cache, "sources", name);
  mkdirSync(folder, { recursive: true });
  const wheel = join(folder, `${name}-1.0-py3-none-any.whl`);
  const write = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("${name}.py", "HERE = True")
    info = "${name}-1.0.dist-info/"
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: ${name}\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "")
`;
  execFileSync("python3", ["-c", write, wheel]);
  return wheel;
}

test("several callers at once build one environment, and a later one takes it as it is", async () => {
  const wheel = localPackage("inside");
  const [first, ...others] = await Promise.all([1, 2, 3].map(() => pythonEnv([wheel], cache)));
  if (!first?.python) throw new Error(first?.reason ?? "no answer");
  expect(others).toEqual([first, first]);
  expect(execFileSync(first.python, ["-c", "import inside; print(inside.HERE)"], { encoding: "utf8" })).toBe("True\n");

  const builtAt = statSync(join(folderOf(first.python), ".ready")).mtimeMs;
  rmSync(wheel);
  expect(await pythonEnv([wheel], cache)).toEqual(first);
  expect(statSync(join(folderOf(first.python), ".ready")).mtimeMs).toBe(builtAt);
});

test("one that was left half built is built anew", async () => {
  const { python } = await pythonEnv([], cache);
  if (python === null) throw new Error("no environment");
  const folder = folderOf(python);
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  writeFileSync(join(folder, "left"), "");
  expect(await pythonEnv([], cache)).toEqual({ python, reason: null });
  expect(existsSync(python)).toBe(true);
  expect(existsSync(join(folder, "left"))).toBe(false);
});

test("what cannot be installed gives pip's own reason and leaves no environment", async () => {
  const before = readdirSync(cache).filter((name) => !name.endsWith(".lock"));
  const { python, reason } = await pythonEnv([join(cache, "absent.whl")], cache);
  expect(python).toBeNull();
  expect(reason).toMatch(/absent\.whl cannot be installed here: .*absent\.whl/);
  expect(readdirSync(cache).filter((name) => !name.endsWith(".lock"))).toEqual(before);
});

test("without an interpreter the reason names it", async () => {
  vi.stubEnv("PENSTOCK_PYTHON", join(cache, "no-such-python"));
  expect((await pythonEnv([], cache)).reason).toMatch(/^no Python: .*no-such-python/);
  vi.unstubAllEnvs();
});
