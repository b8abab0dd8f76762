/** The Python suite with one release of the SDK, against a server of its own that has hundreds of runs. */
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { programRoot } from "@/server/platform/root";
import { startServer, type TestServer } from "../support/server";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface SuiteOptions {
  /** Absolute paths; what is left out is not tried. */
  readonly fixtures: { readonly valid: readonly string[]; readonly invalid: readonly string[] };
  /** Only tests with this in their name; then nothing is said of what was not covered. */
  readonly only?: string | undefined;
}

const SEEDED_RUNS = 500;
const SUMMARY = /^(\d+) passed, (\d+) failed, (\d+) skipped$/;

export const NOTHING: Readonly<Counts> = { passed: 0, failed: 0, skipped: 0 };

export function sumOf(counts: readonly Counts[]): Counts {
  const sum = (key: keyof Counts) => counts.reduce((total, one) => total + one[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** A started server with finished runs in it. */
export async function seededServer(): Promise<TestServer> {
  const home = mkdtempSync(join(tmpdir(), "penstock-sdk-"));
  const seed = ["--import", "tsx", join(programRoot(), "server", "services", "seed", "main.ts")];
  const env = { ...process.env, PENSTOCK_HOME: home };
  await promisify(execFile)(process.execPath, [...seed, "many-runs", String(SEEDED_RUNS)], { cwd: programRoot(), env });
  return startServer({ home, env: { PENSTOCK_LOG: "warn" } });
}

/** Runs the suite, passing its lines on with `label` in front, and gives its counts. */
export async function pythonSuite(
  label: string,
  python: string,
  { url, token }: Pick<TestServer, "url" | "token">,
  { fixtures, only }: SuiteOptions,
): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "penstock-sdk-suite-"));
  const settings = join(folder, "suite.json");
  // The SDK writes to its user's home.
  const home = join(folder, "home");
  mkdirSync(home);
  writeFileSync(settings, JSON.stringify({ url, token, fixtures, seeded: SEEDED_RUNS, part: only !== undefined }));
  const suite = join(programRoot(), "e2e", "sdk", "suite");
  const arguments_ = ["-m", "pytest", "-p", "no:cacheprovider", "-p", "no:terminal", "--rootdir", suite, suite];
  const env = { ...process.env, HOME: home, SDK_SUITE: settings, PYTHONDONTWRITEBYTECODE: "1" };
  try {
    const child = spawn(python, [...arguments_, ...(only === undefined ? [] : ["-k", only])], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let counts: Counts | null = null;
    for await (const line of createInterface({ input: child.stdout })) {
      const [, passed, failed, skipped] = SUMMARY.exec(line) ?? [];
      if (passed === undefined) console.log(`${label} ${line}`);
      else counts = { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
    }
    if (counts !== null) return counts;
    console.log(`${label} FAIL the suite ended without a result`);
    return { ...NOTHING, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
