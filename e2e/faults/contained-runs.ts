/** What the scenarios of containers and pods share: pipelines of one command, the logs they leave, and the judgement of their ends. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "@/db/client";
import type { RunView } from "@/server/domain/views/runs";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import type { TestServer } from "../support/server";

/** Tasks side by side, all of one command in the test's image. */
export function sameCommands(
  name: string,
  count: number,
  script: string,
  { resources = {}, image = "any/shell", ...task }: { resources?: object; image?: string; retryPolicy?: object } = {},
): object {
  const tasks = Array.from({ length: count }, (_, at) => [
    `s${at}`,
    { taskInfo: { name: `s${at}` }, componentRef: { name: "comp" }, ...task },
  ]);
  return {
    pipelineInfo: { name },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.15.2",
    deploymentSpec: {
      executors: { exec: { container: { image, command: ["sh", "-c", script], resources } } },
    },
    components: { comp: { executorLabel: "exec" } },
    root: { dag: { tasks: Object.fromEntries(tasks) } },
  };
}

/** The logs of a run's succeeded attempts, by the path of their step. */
export function logsOf(server: TestServer, runId: string): Map<string, string> {
  const db = openDatabase(server.files.database, { readonly: true });
  try {
    const attempts = db.$client
      .prepare(
        `select r.key as run, t.key as task, t.path, a.number from attempt a join task t on t.key = a.task_key
         join run r on r.key = t.run_key where r.id = ? and a.state = 'succeeded'`,
      )
      .all(runId) as { run: number; task: number; path: string; number: number }[];
    return new Map(
      attempts.map(({ run, task, path, number }) => [
        path,
        readFileSync(join(server.files.attempt(run, task, number), ATTEMPT_FILES.log), "utf8"),
      ]),
    );
  } finally {
    db.$client.close();
  }
}

/** What a run came to, against what it should have come to. */
export function judged(what: string, run: RunView, code: string | null, words: RegExp): string[] {
  const reason = run.tasks.find((task) => task.state === "failed")?.reason;
  if (code === null)
    return run.state === "succeeded" ? [] : [`${what}: the run ended ${run.state} (${reason?.message})`];
  if (reason?.code === code && words.test(reason.message)) return [];
  return [`${what}: the run ended ${run.state} with ${reason?.code}: ${reason?.message}`];
}
