/** The runs of the seed `compare`: they differ in everything that a comparison shows, from a parameter to a log. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { JsonValue } from "@/pipelines/graph";
import { ATTEMPT_FILES, type DataDir } from "@/server/platform/data-dir";
import { transactNow } from "../client";
import { chainShapes, graphOf } from "./graphs";
import { pick } from "./rng";
import { addTask, addVersion, experimentKey, runWriter, type SeedContext } from "./rows";

const MINUTE = 60_000;
const METRICS = 200;
const POINTS = 100;
const LABELS = ["setosa", "versicolor", "virginica"];

/** A ROC curve that bends the more, the better the run. */
const curve = (bend: number): JsonValue =>
  Array.from({ length: 21 }, (_, at) => ({
    confidenceThreshold: 1 - at / 20,
    falsePositiveRate: at / 20,
    recall: (at / 20) ** bend,
  }));

const matrix = (random: () => number): JsonValue => ({
  annotationSpecs: LABELS.map((displayName) => ({ displayName })),
  rows: LABELS.map((_, from) => ({
    row: LABELS.map((_, to) => Math.floor(random() * 5) + (from === to ? 40 : 0)),
  })),
});

interface SeededArtifact {
  readonly runKey: number;
  readonly taskKey: number;
  readonly name: string;
  readonly type: string;
  readonly metadata: JsonValue;
  readonly file: string;
  readonly text: string;
}

function addArtifact({ db, nowMs }: SeedContext, files: DataDir, artifact: SeededArtifact): void {
  mkdirSync(join(artifact.file, ".."), { recursive: true, mode: 0o700 });
  writeFileSync(artifact.file, artifact.text, { mode: 0o600 });
  const path = relative(files.home, artifact.file);
  const { runKey, taskKey, name, type, metadata, text } = artifact;
  const made = db.$client
    .prepare(
      `insert into artifact (run_key, task_key, name, type, path, uri, size, digest, is_directory, metadata, created_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
    )
    .run(
      ...[runKey, taskKey, name, type, path, `/${path}`, Buffer.byteLength(text)],
      createHash("sha256").update(text).digest("hex"),
      ...[JSON.stringify(metadata), nowMs],
    );
  db.$client
    .prepare(
      "insert into task_artifact (task_key, direction, name, position, artifact_key) values (?, 'output', ?, 0, ?)",
    )
    .run(taskKey, name, made.lastInsertRowid);
}

/** Runs of two versions of one pipeline, each with 200 metrics, a series, a matrix, a curve, a report and a log. */
export function writeComparedRuns(context: SeedContext, files: DataDir, size: number): void {
  const { db, nowMs, random } = context;
  const insertPoint = db.$client.prepare(
    `insert into metric (run_key, task_key, name, value, "index", format, at) values (?, ?, 'loss', ?, ?, 'raw', ?)`,
  );
  const versions = [3, 4].map((steps) => addVersion(context, graphOf("compare", chainShapes(steps))));
  const experiment = experimentKey(context, "compare");
  const writer = runWriter(context);
  transactNow(db, () => {
    for (let i = 0; i < size; i++) {
      const createdAtMs = nowMs - (size - i) * MINUTE;
      const isNewer = i >= size - 3;
      const steps = isNewer ? 4 : 3;
      const runKey = writer.add({
        version: pick(() => (isNewer ? 0.9 : 0), versions),
        experimentKey: experiment,
        name: `compare-${i + 1}`,
        state: "succeeded",
        createdAtMs,
        startedAtMs: createdAtMs + 10,
        finishedAtMs: createdAtMs + 50_000,
        taskCounts: { succeeded: steps },
        parameters: {
          lr: pick(random, [0.1, 0.03, 0.01]),
          layers: [64, 32],
          epochs: POINTS,
          optimizer: pick(random, ["adam", "sgd"]),
        },
      });
      for (let m = 0; m < METRICS; m++) writer.metric(runKey, `metric-${m}`, random(), createdAtMs + 50_000);
      const tasks = Array.from({ length: steps }, (_, at) => {
        const tookMs = 8_000 + Math.floor(random() * 9_000);
        const atMs = createdAtMs + at * 10_000;
        return addTask(context, { runKey, path: `step-${at}`, state: "succeeded", atMs, tookMs, attempt: "succeeded" });
      });
      const taskKey = tasks.at(-1) ?? 0;
      const bend = 0.15 + random() * 0.5;
      for (let at = 0; at < POINTS; at++) {
        insertPoint.run(runKey, taskKey, Math.exp(-at / (20 + 30 * bend)) + random() / 20, at, createdAtMs);
      }
      const folder = files.attempt(runKey, taskKey, 1);
      const add = (name: string, type: string, text: string, metadata: JsonValue = {}) =>
        addArtifact(context, files, { runKey, taskKey, name, type, text, metadata, file: join(folder, "out", name) });
      add("quality", "system.ClassificationMetrics", "", {
        confidenceMetrics: curve(bend),
        confusionMatrix: matrix(random),
      });
      add("report.md", "system.Markdown", `# Run ${i + 1}\n\nThe curve bends by **${bend.toFixed(2)}**.\n`);
      add(
        "labels.csv",
        "system.Dataset",
        `label,count\n${LABELS.map((label, at) => `${label},${40 + at}`).join("\n")}\n`,
      );
      if (i % 2 === 0) add("model.json", "system.Model", JSON.stringify({ bend, layers: [64, 32] }));
      const at = new Date(createdAtMs).toISOString();
      const log = Array.from(
        { length: 40 },
        (_, epoch) => `${at} epoch ${epoch} loss ${(bend / (epoch + 1)).toFixed(3)}`,
      );
      writeFileSync(join(folder, ATTEMPT_FILES.log), `${at} begins\n${log.join("\n")}\n${at} ends\n`, { mode: 0o600 });
    }
  });
}
