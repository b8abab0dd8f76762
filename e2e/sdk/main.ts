/** Runs the plain-DAG fixtures with an unmodified `kfp.Client` from the package index: `npm run sdk -- [--slice]`. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import type { JsonValue } from "@/pipelines/graph";
import type { RunView } from "@/server/domain/views";
import { programRoot } from "@/server/platform/root";
import { apiOf } from "../support/api";
import { startServer } from "../support/server";
import { kfpFixtures, type PlainFixture, plainFixtures } from "./fixtures";

const { values } = parseArgs({ options: { slice: { type: "boolean", default: false } } });
/** Enough to see every wrapper shape, nested DAGs, artifacts and outputs. */
const SLICE =
  /add_numbers|pipeline_with_outputs|artifact_cache|mixed_parameters|fail_v2|nested_return|hello_world|preprocess/;

interface Result {
  readonly path: string;
  readonly runId: string | null;
  readonly state: string;
  readonly message: string;
}

function skip(reason: string): never {
  console.log(`skipped: ${reason}\n0 passed, 0 failed, 1 skipped`);
  process.exit(0);
}

function installSdk(home: string): string {
  const dir = join(home, "env");
  execFileSync("python3", ["-m", "venv", dir]);
  const pip = join(dir, "bin", "pip");
  try {
    execFileSync(pip, ["install", "--quiet", "--disable-pip-version-check", "kfp>=2.15,<3"], { stdio: "pipe" });
  } catch (error) {
    skip(`the kfp package cannot be installed here: ${String(error).slice(0, 300)}`);
  }
  return join(dir, "bin", "python");
}

/** Output values in the index's notation: artifacts as a list of `<type>`. */
function outputsOf(run: RunView): { [name: string]: JsonValue } {
  const artifacts = Object.entries(run.outputs.artifacts).map(([name, list]) => [name, list.map((a) => `<${a.type}>`)]);
  return { ...run.outputs.parameters, ...Object.fromEntries(artifacts) };
}

function complaint(fixture: PlainFixture, result: Result, run: RunView | null): string | null {
  if (result.state !== fixture.end)
    return `ended ${result.state}, not ${fixture.end}: ${run?.reason?.message ?? result.message}`;
  if (fixture.outputs === null || run === null) return null;
  const seen = outputsOf(run);
  const same = JSON.stringify(seen) === JSON.stringify(fixture.outputs);
  return same ? null : `outputs ${JSON.stringify(seen)}, not ${JSON.stringify(fixture.outputs)}`;
}

const folder = kfpFixtures();
if (folder === null) skip("the fixtures are not here; set PENSTOCK_FIXTURES");
const home = mkdtempSync(join(tmpdir(), "penstock-sdk-"));
const python = installSdk(home);
const fixtures = plainFixtures(folder).filter((fixture) => !values.slice || SLICE.test(fixture.path));
const server = await startServer({ env: { PENSTOCK_LOG: "warn" } });
let failed = 0;
try {
  const jobs = join(home, "jobs.json");
  writeFileSync(jobs, JSON.stringify(fixtures.map((f) => ({ path: f.file, arguments: f.arguments }))));
  const script = join(programRoot(), "e2e", "sdk", "submit_fixtures.py");
  const { stdout } = await promisify(execFile)(python, [script, server.url, server.token, jobs], {
    maxBuffer: 2 ** 26,
  });
  const results: Result[] = JSON.parse(stdout.slice(stdout.indexOf("RESULTS") + "RESULTS".length));
  const api = apiOf(server);
  for (const fixture of fixtures) {
    const result = results.find((candidate) => candidate.path === fixture.file);
    const run = result?.runId ? await api.query<RunView>("runs.get", { id: result.runId }) : null;
    const wrong = result ? complaint(fixture, result, run) : "was not submitted";
    if (wrong !== null) failed++;
    console.log(`${wrong === null ? "ok  " : "FAIL"} ${fixture.path}${wrong === null ? "" : `: ${wrong}`}`);
  }
} finally {
  await server.remove();
  rmSync(home, { recursive: true, force: true });
}
console.log(`${fixtures.length - failed} passed, ${failed} failed, 0 skipped`);
process.exit(failed > 0 ? 1 : 0);
