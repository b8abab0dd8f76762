/** Fixtures that an unmodified `kfp.Client` submits and waits for; their ends and outputs are those that the index names. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RunView } from "@/server/domain/views/runs";
import { programRoot } from "@/server/platform/root";
import { wrongOutputs } from "../conformance/tried";
import { apiOf } from "../support/api";
import type { TestServer } from "../support/server";
import type { SubmittedFixture } from "./fixtures";
import { type Counts, NOTHING } from "./python-suite";

interface Result {
  readonly path: string;
  readonly runId: string | null;
  readonly state: string;
  readonly message: string;
}

function complaint(fixture: SubmittedFixture, result: Result, run: RunView | null): string | null {
  if (result.state !== fixture.end)
    return `ended ${result.state}, not ${fixture.end}: ${run?.reason?.message ?? result.message}`;
  if (fixture.outputs === null || run === null) return null;
  return wrongOutputs(run, fixture.outputs)[0] ?? null;
}

async function submitted(python: string, server: TestServer, fixtures: readonly SubmittedFixture[]): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), "penstock-sdk-jobs-"));
  try {
    const jobs = join(folder, "jobs.json");
    writeFileSync(
      jobs,
      JSON.stringify(fixtures.map(({ file, arguments: given }) => ({ path: file, arguments: given }))),
    );
    const script = join(programRoot(), "e2e", "sdk", "submit_fixtures.py");
    const { stdout } = await promisify(execFile)(python, [script, server.url, server.token, jobs], {
      maxBuffer: 2 ** 26,
    });
    return JSON.parse(stdout.slice(stdout.indexOf("RESULTS") + "RESULTS".length));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the fixtures to their ends, a line for each. */
export async function fixtureRuns(
  label: string,
  python: string,
  server: TestServer,
  fixtures: readonly SubmittedFixture[],
): Promise<Counts> {
  const results = await submitted(python, server, fixtures);
  const api = apiOf(server);
  const counts = { ...NOTHING };
  for (const fixture of fixtures) {
    const result = results.find((candidate) => candidate.path === fixture.file);
    const run = result?.runId ? await api.query<RunView>("runs.get", { id: result.runId }) : null;
    const wrong = result ? complaint(fixture, result, run) : "was not submitted";
    counts[wrong === null ? "passed" : "failed"] += 1;
    console.log(`${label} ${wrong === null ? "ok  " : "FAIL"} ${fixture.path}${wrong === null ? "" : `: ${wrong}`}`);
  }
  return counts;
}
