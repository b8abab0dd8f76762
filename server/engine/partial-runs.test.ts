import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunView } from "@/server/domain/views/runs";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { retryRun } from "@/server/services/runs/retry-run";
import { elyraPipeline } from "@/server/services/testing-specs";
import { type LiveEngine, liveEngine } from "./testing/live-engine";

let live: LiveEngine;
beforeEach(async () => {
  live = await liveEngine();
});
afterEach(() => live.close());

const flag = () => join(live.services.context.dataDir.home, "lucky");

/** `make` leaves a file of chance, `read` says what is in it once it is lucky, `after` comes last. */
function chain(): string {
  const container = (command: readonly string[]) => ({
    container: { image: "any", command: ["sh", "-c", ...command] },
  });
  const data = { artifacts: { data: { artifactType: { schemaTitle: "system.Dataset", schemaVersion: "0.0.1" } } } };
  return JSON.stringify({
    pipelineInfo: { name: "chain" },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.15.0",
    components: {
      "comp-make": { executorLabel: "exec-make", outputDefinitions: data },
      "comp-read": { executorLabel: "exec-read", inputDefinitions: data },
      "comp-after": { executorLabel: "exec-after" },
    },
    deploymentSpec: {
      executors: {
        "exec-make": container(['date +%s.%N > "$0"', "{{$.outputs.artifacts['data'].path}}"]),
        "exec-read": container([`cat "$0"; test -e ${flag()}`, "{{$.inputs.artifacts['data'].path}}"]),
        "exec-after": container(["true"]),
      },
    },
    root: {
      dag: {
        tasks: {
          make: { componentRef: { name: "comp-make" }, taskInfo: { name: "make" }, cachingOptions: {} },
          read: {
            componentRef: { name: "comp-read" },
            taskInfo: { name: "read" },
            dependentTasks: ["make"],
            inputs: {
              artifacts: { data: { taskOutputArtifact: { producerTask: "make", outputArtifactKey: "data" } } },
            },
          },
          after: { componentRef: { name: "comp-after" }, taskInfo: { name: "after" }, dependentTasks: ["read"] },
        },
      },
    },
  });
}

const upload = async (files: { readonly [path: string]: string }) => (await live.upload(files)).versionId;
const attempts = ({ tasks }: RunView) =>
  Object.fromEntries(tasks.map((task) => [task.step, [task.state, task.attempt]]));

function logOf(run: RunView, step: string): string {
  const task = run.tasks.find((one) => one.step === step);
  const key = live.services.context.db.$client
    .prepare("select key from run where id = ?")
    .pluck()
    .get(run.id) as number;
  return readFileSync(
    join(live.services.context.dataDir.attempt(key, task?.id ?? 0, task?.attempt ?? 0), ATTEMPT_FILES.log),
    "utf8",
  );
}

test("a retry keeps what succeeded, and a re-run from a step reads what the other run left", async () => {
  const versionId = await upload({ "chain.json": chain() });
  const failed = await live.played({ versionId });
  expect(failed.state).toBe("failed");
  expect(attempts(failed)).toEqual({ make: ["succeeded", 1], read: ["failed", 1], after: ["omitted", 0] });
  const made = logOf(failed, "read");
  expect(made).toMatch(/^\d+\.\d+$/m);

  writeFileSync(flag(), "");
  const again = await live.played({ versionId, from: { runId: failed.id, step: "read" } });
  expect(again).toMatchObject({ state: "succeeded", origin: "clone", clonedFrom: { id: failed.id } });
  expect(attempts(again)).toEqual({ make: ["cached", 0], read: ["succeeded", 1], after: ["succeeded", 1] });
  expect(logOf(again, "read")).toBe(made);
  expect(again.tasks[0]).toMatchObject({ reason: { code: "taken-over" }, source: { runId: failed.id, step: "make" } });

  rmSync(flag());
  await retryRun(live.services.context, failed.id);
  expect(attempts(await live.over(failed.id))).toEqual({
    make: ["succeeded", 1],
    read: ["failed", 2],
    after: ["omitted", 0],
  });
  writeFileSync(flag(), "");
  await retryRun(live.services.context, failed.id);
  const lucky = await live.over(failed.id);
  expect(lucky.state).toBe("succeeded");
  expect(attempts(lucky)).toEqual({ make: ["succeeded", 1], read: ["succeeded", 3], after: ["succeeded", 1] });
  expect(logOf(lucky, "read")).toBe(made);
});

test("a run up to a step ends with it", async () => {
  const versionId = await upload({ "chain.json": chain() });
  const run = await live.played({ versionId, upTo: "make" });
  expect(run).toMatchObject({ state: "succeeded", extent: { kind: "up-to", step: "make" } });
  expect(attempts(run)).toEqual({ make: ["succeeded", 1] });
});

test("a re-run of a shared workspace goes on with its files", async () => {
  const versionId = await upload({
    "p.pipeline": elyraPipeline(["a.py", "b.py"]),
    "a.py": "import time; open('left.txt', 'w').write(str(time.time_ns()))",
    "b.py": `import os, sys; print(open('left.txt').read()); sys.exit(0 if os.path.exists(${JSON.stringify(flag())}) else 1)`,
  });
  const failed = await live.played({ versionId });
  expect(attempts(failed)).toEqual({ n0: ["succeeded", 1], n1: ["failed", 1] });
  const left = /^\d{19}$/m.exec(logOf(failed, "n1"))?.[0];
  writeFileSync(flag(), "");
  const again = await live.played({ versionId, from: { runId: failed.id, step: "n1" } });
  expect(attempts(again)).toEqual({ n0: ["cached", 0], n1: ["succeeded", 1] });
  expect(logOf(again, "n1")).toContain(left);
  await retryRun(live.services.context, failed.id);
  const retried = await live.over(failed.id);
  expect(attempts(retried)).toEqual({ n0: ["succeeded", 1], n1: ["succeeded", 2] });
  expect(logOf(retried, "n1")).toContain(left);
});
