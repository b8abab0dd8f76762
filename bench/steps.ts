/** Runs pipelines on a real server and reads from its rows what each step cost; checks that every step truly ran. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "@/db/client";
import { type Api, apiOf } from "@/e2e/support/api";
import { startServer, type TestServer } from "@/e2e/support/server";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { pipelineOf } from "./specs";

export interface StepRow {
  readonly taskKey: number;
  readonly path: string;
  readonly queuedAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
}

export interface Measured {
  readonly runId: string;
  /** From the run's start to its recorded end. */
  readonly ms: number;
  readonly steps: readonly StepRow[];
}

/** A server with a fresh data directory, warmed by one run. The caller removes it. */
export async function warmServer(slots: number): Promise<{ server: TestServer; api: Api }> {
  const server = await startServer({ env: { PENSTOCK_SLOTS: String(slots), PENSTOCK_LOG: "warn" } });
  const api = apiOf(server);
  await measureRun(server, api, await uploadSpec(api, "warm-up", pipelineOf("warm-up", [{ key: "s", after: [] }])));
  return { server, api };
}

/** Uploads a specification and gives its version's id. */
export async function uploadSpec(api: Api, name: string, spec: object): Promise<string> {
  return (await api.upload({ [`${name}.json`]: JSON.stringify(spec) })).version.id;
}

/** Starts a run, waits for its end and reads its steps. Throws unless every step has exactly one success and a log. */
export async function measureRun(server: TestServer, api: Api, versionId: string): Promise<Measured> {
  const { id } = await api.createRun(versionId);
  await waitForEnd(server, id);
  const db = openDatabase(server.files.database, { readonly: true });
  try {
    const run = db.$client
      .prepare("select key, state, started_at as startedAt, finished_at as finishedAt from run where id = ?")
      .get(id) as { key: number; state: string; startedAt: number; finishedAt: number };
    if (run.state !== "succeeded") throw new Error(`run ${id} ended ${run.state}`);
    const steps = db.$client
      .prepare(
        `select t.key as taskKey, t.path, t.queued_at as queuedAt, a.started_at as startedAt, a.finished_at as finishedAt,
                (select count(*) from attempt b where b.task_key = t.key) as attempts, a.state
         from task t join attempt a on a.task_key = t.key where t.run_key = ?`,
      )
      .all(run.key) as (StepRow & { attempts: number; state: string })[];
    for (const step of steps) {
      if (step.attempts !== 1 || step.state !== "succeeded") throw new Error(`step ${step.path} is not one success`);
      const log = join(server.files.attempt(run.key, step.taskKey, 1), ATTEMPT_FILES.log);
      if (!existsSync(log)) throw new Error(`step ${step.path} has no log`);
    }
    return { runId: id, ms: run.finishedAt - run.startedAt, steps };
  } finally {
    db.$client.close();
  }
}

async function waitForEnd(server: TestServer, id: string): Promise<void> {
  const db = openDatabase(server.files.database, { readonly: true });
  const look = db.$client.prepare("select finished_at from run where id = ?").pluck();
  try {
    const deadline = Date.now() + 300_000;
    while (look.get(id) === null) {
      if (Date.now() > deadline) throw new Error(`run ${id} did not end within 5 minutes`);
      await new Promise((resume) => setTimeout(resume, 20));
    }
  } finally {
    db.$client.close();
  }
}
