/** Reads what classification metrics hold in their metadata: the ROC curve, the confusion matrix, and both per slice. */
import type { JsonValue } from "@/pipelines/graph";
import { type JsonObject, listOf, numberOf, structOf } from "./numbers";

export interface RocPoint {
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
  /** Infinite for the first point of scikit-learn's curves; null where the step gave none. */
  readonly threshold: number | null;
}

export interface ConfusionMatrix {
  readonly labels: readonly string[];
  /** Rows are true labels, columns predicted ones. */
  readonly counts: readonly (readonly number[])[];
}

export interface Classification {
  readonly roc: readonly RocPoint[] | null;
  readonly confusionMatrix: ConfusionMatrix | null;
  /** What could not be read, in sentences. */
  readonly problems: readonly string[];
}

export interface SliceOfClassification extends Classification {
  readonly slice: string;
}

/** Larger matrices are no picture any more. */
const MOST_LABELS = 500;

/** The content of a `system.ClassificationMetrics`. */
export function readClassification(metadata: JsonObject): Classification {
  const problems: string[] = [];
  return {
    roc: rocOf(metadata.confidenceMetrics, problems),
    confusionMatrix: matrixOf(metadata.confusionMatrix, problems),
    problems,
  };
}

/** The slices of a `system.SlicedClassificationMetrics`. */
export function readSlices(metadata: JsonObject): SliceOfClassification[] {
  return (listOf(metadata.evaluationSlices) ?? []).flatMap((entry, at) => {
    const one = structOf(entry);
    const metrics = structOf(one?.sliceClassificationMetrics);
    if (one === null || metrics === null) return [];
    return [{ slice: typeof one.slice === "string" ? one.slice : String(at + 1), ...readClassification(metrics) }];
  });
}

function rocOf(value: JsonValue | undefined, problems: string[]): RocPoint[] | null {
  if (value === undefined || value === null) return null;
  const list = listOf(value);
  const points = (list ?? []).flatMap((entry) => {
    const point = structOf(entry);
    const falsePositiveRate = numberOf(point?.falsePositiveRate);
    const truePositiveRate = numberOf(point?.recall);
    if (point === null || falsePositiveRate === null || truePositiveRate === null) return [];
    return [{ falsePositiveRate, truePositiveRate, threshold: numberOf(point.confidenceThreshold) }];
  });
  if (list !== null && points.length === list.length) return points.length === 0 ? null : points;
  problems.push("confidenceMetrics is no list of points with confidenceThreshold, recall and falsePositiveRate.");
  return null;
}

function matrixOf(value: JsonValue | undefined, problems: string[]): ConfusionMatrix | null {
  if (value === undefined || value === null) return null;
  const matrix = structOf(value);
  const labels = (listOf(matrix?.annotationSpecs) ?? []).map((spec) => structOf(spec)?.displayName);
  const counts = (listOf(matrix?.rows) ?? []).map((row) =>
    (listOf(structOf(row)?.row) ?? listOf(row) ?? []).map(numberOf),
  );
  const isNamed = labels.every((label) => typeof label === "string");
  const isSquare = counts.length === labels.length && counts.every((row) => row.length === labels.length);
  if (isNamed && isSquare && labels.length <= MOST_LABELS && counts.flat().every((count) => count !== null)) {
    if (labels.length === 0) return null;
    return { labels: labels.map(String), counts: counts.map((row) => row.map((count) => count ?? 0)) };
  }
  problems.push("confusionMatrix is no square matrix of numbers with a displayName for every row.");
  return null;
}
