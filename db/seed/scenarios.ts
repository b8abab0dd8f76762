/** The named seeds: deterministic data for tests, benchmarks, screenshots and demonstrations. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunState, TaskState } from "@/server/domain/states";
import { ATTEMPT_FILES, type DataDir } from "@/server/platform/data-dir";
import { transactNow } from "../client";
import { writeComparedRuns } from "./compared-runs";
import { chainShapes, graphOf, wideShapes } from "./graphs";
import { pick } from "./rng";
import { addTask, addVersion, experimentKey, runWriter, type SeedContext } from "./rows";

export interface Seed {
  readonly name: string;
  readonly about: string;
  /** Meaning and default of `N`; null when the seed takes none. */
  readonly size: { readonly about: string; readonly usual: number } | null;
  write(context: SeedContext, files: DataDir, size: number): void;
}

const MINUTE = 60_000;
const METRICS = ["accuracy", "loss", "auc", "f1", "precision", "recall", "rmse", "mae", "epochs", "seconds"];

const manyRuns: Seed = {
  name: "many-runs",
  about: "finished runs of 20 pipelines in 10 experiments, ten metrics each",
  size: { about: "runs", usual: 10_000 },
  write(context, _files, size) {
    const { random, nowMs, db } = context;
    // What is seeded can be seeded again: neither each commit nor the small cache of a server holds it up.
    db.$client.pragma("synchronous = OFF");
    db.$client.pragma("cache_size = -400000");
    db.$client.pragma("wal_autocheckpoint = 50000");
    const versions = Array.from({ length: 20 }, (_, i) =>
      addVersion(context, graphOf(`pipeline-${i + 1}`, chainShapes(3))),
    );
    const experiments = Array.from({ length: 10 }, (_, i) =>
      experimentKey(context, i === 0 ? "Default" : `experiment-${i}`),
    );
    const writer = runWriter(context);
    for (let from = 0; from < size; from += 5_000) {
      transactNow(db, () => {
        for (let i = from; i < Math.min(size, from + 5_000); i++) {
          const createdAtMs = nowMs - (size - i) * 1_000;
          const tookMs = Math.floor(random() * 5 * MINUTE);
          const state: RunState = random() < 0.9 ? "succeeded" : "failed";
          const key = writer.add({
            version: pick(random, versions),
            experimentKey: pick(random, experiments),
            name: `run-${i}`,
            state,
            ...(state === "failed" && {
              reason: { code: "step-failed", message: "step-1: exit code 1", subject: "step-1" },
            }),
            createdAtMs,
            startedAtMs: createdAtMs + 20,
            finishedAtMs: createdAtMs + tookMs + 20,
            taskCounts: state === "failed" ? { succeeded: 1, failed: 1, omitted: 1 } : { succeeded: 3 },
            parameters: { lr: pick(random, [0.1, 0.03, 0.01, 0.003]), optimizer: pick(random, ["adam", "sgd"]) },
            ...(i % 5 === 0 && { tags: { team: pick(random, ["vision", "speech", "search"]) } }),
          });
          for (const metric of METRICS) writer.metric(key, metric, random(), createdAtMs + tookMs);
        }
      });
    }
  },
};

/** One finished run over a graph; every task succeeded in layers of 30 s. */
function finishedRun(context: SeedContext, graph: ReturnType<typeof graphOf>): number[] {
  const { nowMs } = context;
  const version = addVersion(context, graph);
  const startedAtMs = nowMs - 10 * MINUTE;
  const runKey = runWriter(context).add({
    version,
    experimentKey: experimentKey(context, "Default"),
    name: graph.name,
    state: "succeeded",
    createdAtMs: startedAtMs - 100,
    startedAtMs,
    finishedAtMs: nowMs,
    taskCounts: { succeeded: graph.steps.length },
    parameters: { lr: 0.01 },
  });
  const last = Math.max(1, graph.steps.length - 1);
  return graph.steps.map((step, i) =>
    addTask(context, {
      runKey,
      path: step.path,
      state: "succeeded",
      atMs: startedAtMs + Math.floor((i / last) * 9 * MINUTE),
      tookMs: 30_000,
      attempt: "succeeded",
    }),
  );
}

const wideGraph: Seed = {
  name: "wide-graph",
  about: "one run of a wide graph",
  size: { about: "steps", usual: 2_000 },
  write: (context, _files, size) => void finishedRun(context, graphOf(`wide-${size}`, wideShapes(size))),
};

const longChain: Seed = {
  name: "long-chain",
  about: "one run of a chain",
  size: { about: "steps", usual: 200 },
  write: (context, _files, size) => void finishedRun(context, graphOf(`chain-${size}`, chainShapes(size))),
};

const longLog: Seed = {
  name: "long-log",
  about: "one run whose only step has a long log",
  size: { about: "megabytes", usual: 100 },
  write(context, files, size) {
    const [taskKey] = finishedRun(context, graphOf(`log-${size}-mb`, chainShapes(1)));
    const runKey = context.db.$client.prepare("select run_key from task where key = ?").pluck().get(taskKey);
    const dir = files.attempt(Number(runKey), Number(taskKey), 1);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const line = (n: number) => `${String(n).padStart(9, "0")} epoch ${n % 90} loss 0.${n % 1_000} ${"·".repeat(20)}\n`;
    const log = join(dir, ATTEMPT_FILES.log);
    writeFileSync(log, "", { mode: 0o600 });
    for (let n = 0, bytes = 0; bytes < size * 1_000_000; ) {
      const chunk = Array.from({ length: 20_000 }, () => line(n++)).join("");
      bytes += Buffer.byteLength(chunk);
      writeFileSync(log, chunk, { flag: "a" });
    }
  },
};

/** Tasks of one run per run state, so that each state of a task is there too. */
const STATES: readonly { run: RunState; tasks: readonly TaskState[] }[] = [
  { run: "succeeded", tasks: ["succeeded", "cached", "skipped", "omitted"] },
  { run: "failed", tasks: ["succeeded", "failed", "omitted", "omitted"] },
  { run: "canceled", tasks: ["succeeded", "canceled", "canceled", "omitted"] },
];

const everyState: Seed = {
  name: "every-state",
  about: "one run in each state that a run can end in, with tasks in every such state",
  size: null,
  write(context) {
    const version = addVersion(context, graphOf("every-state", chainShapes(4)));
    for (const { run, tasks } of STATES) {
      const startedAtMs = context.nowMs - 5 * MINUTE;
      const failure = { code: "exit-code", message: "exit code 1: ValueError: quince", subject: 1 } as const;
      const runKey = runWriter(context).add({
        version,
        experimentKey: experimentKey(context, "Default"),
        name: `a ${run} run`,
        state: run,
        ...(run === "failed" && { reason: { ...failure, code: "step-failed", subject: "step-1" } as const }),
        createdAtMs: startedAtMs - 50,
        startedAtMs,
        finishedAtMs: startedAtMs + MINUTE,
        taskCounts: Object.fromEntries(tasks.map((state) => [state, tasks.filter((t) => t === state).length])),
        parameters: { lr: 0.01 },
      });
      for (const [i, state] of tasks.entries()) {
        addTask(context, {
          runKey,
          path: `step-${i}`,
          state,
          atMs: startedAtMs + i * 10_000,
          tookMs: 9_000,
          ...(state === "failed" && { reason: failure }),
          ...((state === "succeeded" || state === "failed" || state === "canceled") && { attempt: state }),
        });
      }
    }
  },
};

const compare: Seed = {
  name: "compare",
  about: "runs of two versions of one pipeline that differ in parameters, 200 metrics, a series, artifacts and logs",
  size: { about: "runs", usual: 10 },
  write: (context, files, size) => writeComparedRuns(context, files, size),
};

export const SEEDS: readonly Seed[] = [everyState, manyRuns, compare, wideGraph, longChain, longLog];
