/** The critical path of a run: the steps that, one waiting for the other, decided how long it took. */
import type { PipelineGraph, Step, StepPath } from "@/pipelines/graph";
import type { RunRow } from "./run-rows";

type Row = Pick<RunRow, "key" | "path" | "stepPath" | "isGroup" | "standsFor" | "startedAt" | "finishedAt">;

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** The groups around a step, itself first. */
function line(path: StepPath): StepPath[] {
  const all: StepPath[] = [];
  for (let at = path; at !== ""; at = parentOf(at)) all.push(at);
  return all;
}

/** Of a task's path the part that holds the siblings of its ancestor `depth` steps deep, iterations included. */
function siblingsOf(taskPath: string, depth: number): string {
  const segments = taskPath.split("/");
  let steps = 0;
  const at = segments.findIndex((segment) => !segment.startsWith("[") && ++steps === depth);
  return segments.slice(0, Math.max(0, at)).join("/");
}

const endOf = (row: Row): number => (row.finishedAt === null ? Number.POSITIVE_INFINITY : Date.parse(row.finishedAt));

const latest = (rows: readonly Row[]): Row | undefined =>
  rows.reduce<Row | undefined>((last, row) => (last === undefined || endOf(row) > endOf(last) ? row : last), undefined);

/**
 * Keys of the rows on the critical path: from what ended last, or still runs, back to the dependency that ended last,
 * and so on. Only what started counts; rows of groups are never on it.
 */
export function criticalPath(graph: Pick<PipelineGraph, "steps">, rows: readonly Row[]): ReadonlySet<string> {
  const steps = new Map<StepPath, Step>(graph.steps.map((step) => [step.path, step]));
  const begun = rows.filter((row) => !row.isGroup && row.standsFor === "task" && row.startedAt !== null);
  const below = new Map<StepPath, Row[]>();
  for (const row of begun) {
    for (const path of line(row.stepPath)) {
      const known = below.get(path);
      if (known === undefined) below.set(path, [row]);
      else known.push(row);
    }
  }
  const before = (row: Row): Row | undefined => {
    const candidates = line(row.stepPath).flatMap((path) => {
      const place = siblingsOf(row.path, path.split("/").length);
      const isBeside = (other: Row) => place === "" || other.path.startsWith(`${place}/`);
      return (steps.get(path)?.dependsOn ?? []).flatMap((dependency) => (below.get(dependency) ?? []).filter(isBeside));
    });
    return latest(candidates.filter((other) => other.finishedAt !== null));
  };
  const found = new Set<string>();
  for (let at = latest(begun); at !== undefined && !found.has(at.key); at = before(at)) found.add(at.key);
  return found;
}
