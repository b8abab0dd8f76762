/** From the points of a ROC curve to what is drawn: in order, within the square, with the area below. */
import type { RocPoint } from "@/server/domain/display/classification";

export interface RocModel {
  readonly points: readonly { readonly x: number; readonly y: number; readonly threshold: string }[];
  /** Area under the curve; null for fewer than two points. */
  readonly area: number | null;
}

const inSquare = (value: number): number => Math.min(1, Math.max(0, value));

/** scikit-learn begins its curves with a threshold that nothing reaches. */
function thresholdText(threshold: number | null): string {
  if (threshold === null) return "not given";
  return Number.isFinite(threshold) ? String(Number(threshold.toPrecision(6))) : "above every score";
}

/** Ready to draw. */
export function rocModel(given: readonly RocPoint[]): RocModel {
  const points = given
    .map(({ falsePositiveRate, truePositiveRate, threshold }) => ({
      x: inSquare(falsePositiveRate),
      y: inSquare(truePositiveRate),
      threshold: thresholdText(threshold),
    }))
    .sort((a, b) => a.x - b.x || a.y - b.y);
  if (points.length < 2) return { points, area: null };
  let area = 0;
  for (let at = 1; at < points.length; at += 1) {
    const [from, to] = [points[at - 1], points[at]];
    if (from !== undefined && to !== undefined) area += ((to.x - from.x) * (from.y + to.y)) / 2;
  }
  return { points, area };
}
