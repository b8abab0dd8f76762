/** Which task a step refers to when it names another step: the one that shares its loop iterations. */
import type { StepPath } from "@/pipelines/graph";

const isIteration = (segment: string): boolean => segment.startsWith("[");

/**
 * Path of the task of `step` as seen from the task at `from`. Both walk down the same steps as far as they can; the
 * iterations (`[n]`) that `from` passed on the way to a step below them are shared, deeper ones are not.
 */
export function instancePath(step: StepPath, from: string): string {
  if (!from.includes("[")) return step;
  const wanted = step.split("/");
  const given = from.split("/");
  const path: string[] = [];
  let at = 0;
  for (const [depth, segment] of wanted.entries()) {
    path.push(segment);
    if (given[at] !== segment) return [...path, ...wanted.slice(depth + 1)].join("/");
    at += 1;
    const isDeeper = depth + 1 < wanted.length;
    while (isDeeper && given[at] !== undefined && isIteration(given[at] ?? "")) {
      path.push(given[at] ?? "");
      at += 1;
    }
  }
  return path.join("/");
}
