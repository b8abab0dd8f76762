/** Reads several runs side by side. The number of statements does not depend on how many runs or rows there are. */
import { createHash } from "node:crypto";
import { goalsOfPipelines, metricsOfRuns } from "@/db/queries/compare-metrics";
import {
  artifactCellsOfRuns,
  imagesOfVersions,
  optionsOfRuns,
  parameterTextsOfRuns,
  stepStatesOfRuns,
} from "@/db/queries/compare-rows";
import { findRunRows, type RunRow, runSummary } from "@/db/queries/run-rows";
import { artifactRows, metricRows, stepRows } from "@/server/domain/compare/pivot";
import type { CompareRunsInput } from "@/server/domain/inputs/compare";
import type { ComparedRun, ComparedValue, ComparisonView } from "@/server/domain/views/compare";
import type { Context } from "../context";

/** Longer values are told apart by their digest. */
const SHOWN = 2_000;

/** The rows of the runs that are there, in the order asked for. */
export function comparedRows(context: Context, ids: readonly string[]): readonly RunRow[] {
  const rows = findRunRows(context.db, ids);
  return ids.flatMap((id) => rows.find((row) => row.id === id) ?? []);
}

function comparedValue(text: string): ComparedValue {
  if (text.length <= SHOWN) return { text, size: text.length, digest: null };
  return { text: text.slice(0, SHOWN), size: text.length, digest: createHash("sha256").update(text).digest("hex") };
}

function comparedRuns(context: Context, rows: readonly RunRow[]): readonly (ComparedRun & { versionKey: number })[] {
  const keys = rows.map((row) => row.key);
  const options = new Map(optionsOfRuns(context.db, keys).map((each) => [each.key, each]));
  const parameters = new Map<number, { [name: string]: ComparedValue }>(keys.map((key) => [key, {}]));
  for (const { runKey, name, text } of parameterTextsOfRuns(context.db, keys)) {
    const own = parameters.get(runKey);
    if (own !== undefined) own[name] = comparedValue(text ?? "null");
  }
  return rows.flatMap((row) => {
    const more = options.get(row.key);
    if (more === undefined) return [];
    const { baselineId, baselineName, baselineDeletedAt } = more;
    const baseline =
      baselineId === null || baselineDeletedAt !== null ? null : { id: baselineId, name: baselineName ?? "" };
    return [
      {
        ...runSummary(row, {}),
        parameters: parameters.get(row.key) ?? {},
        versionKey: more.versionKey,
        versionDigest: more.versionDigest ?? "",
        profileSettings: more.profileSettings,
        fileMode: more.fileMode,
        cache: more.cache,
        baseline,
      },
    ];
  });
}

function imagesById(context: Context, runs: readonly (ComparedRun & { versionKey: number })[]) {
  const ids = new Map(runs.map((run) => [run.versionKey, run.version.id]));
  const images: { [versionId: string]: { [step: string]: string } } = {};
  for (const { versionKey, step, image } of imagesOfVersions(context.db, [...ids.keys()])) {
    const id = ids.get(versionKey) ?? "";
    images[id] ??= {};
    images[id][step] = image;
  }
  return images;
}

/** Runs side by side; those that are deleted or never were are named and left out. */
export function compareRuns(context: Context, { runs: ids }: CompareRunsInput): ComparisonView {
  const { db } = context;
  const rows = comparedRows(context, ids);
  const missing = ids.filter((id) => !rows.some((row) => row.id === id));
  if (rows.length === 0) {
    const leftOut = { metrics: 0, steps: 0, artifacts: 0 };
    return { runs: [], missing, metrics: [], steps: [], artifacts: [], images: {}, goals: [], leftOut };
  }
  const keys = rows.map((row) => row.key);
  const placeOf = new Map(keys.map((key, place) => [key, place]));
  const placed = <Row extends { readonly runKey: number }>(given: readonly Row[]) =>
    given.map(({ runKey, ...row }) => ({ ...row, run: placeOf.get(runKey) ?? 0 }));
  const runs = comparedRuns(context, rows);
  const metrics = metricsOfRuns(db, keys);
  const metricSection = metricRows(placed(metrics.rows), rows.length, metrics.isWhole);
  const steps = placed(stepStatesOfRuns(db, keys)).map((row) => ({ ...row, isIteration: row.isIteration === 1 }));
  const stepSection = stepRows(steps, rows.length);
  const artifactSection = artifactRows(placed(artifactCellsOfRuns(db, keys)), rows.length);
  return {
    runs: runs.map(({ versionKey: _, ...run }) => run),
    missing,
    metrics: metricSection.rows,
    steps: stepSection.rows,
    artifacts: artifactSection.rows,
    images: imagesById(context, runs),
    goals: goalsOfPipelines(db, [...new Set(runs.map((run) => run.pipelineName))]),
    leftOut: { metrics: metricSection.leftOut, steps: stepSection.leftOut, artifacts: artifactSection.leftOut },
  };
}
