/** The part of its version's graph that a run executes, and the results it has from the run that it continues. */
import type { EngineQueries } from "@/db/queries/engine";
import type { RunRow } from "@/db/queries/engine/runs";
import type { StepPath } from "@/pipelines/graph";
import { graphUpTo } from "@/server/domain/planning/extent";
import { type GraphIndex, indexGraph } from "@/server/domain/planning/graph-index";
import { takenOver } from "@/server/domain/planning/reasons";
import type { TaskRow } from "@/server/domain/planning/run-plan";
import { hasAllTasks, stepsFrom } from "@/server/domain/planning/taken-over";
import type { Reason } from "@/server/domain/reason";
import type { TaskState } from "@/server/domain/states";

/** How the task of a step begins whose result is there already. */
export interface Inherited {
  /** The task it has the result of; null for a step that did not run there and does not here. */
  readonly sourceKey: number | null;
  readonly state: Extract<TaskState, "cached" | "skipped" | "omitted">;
  readonly reason: Reason | null;
}

export interface RunPart {
  readonly index: GraphIndex;
  readonly inherited: ReadonlyMap<StepPath, Inherited>;
}

const NONE: ReadonlyMap<StepPath, Inherited> = new Map();
const upTo = new WeakMap<GraphIndex, Map<StepPath, GraphIndex>>();

function indexUpTo(whole: GraphIndex, step: StepPath): GraphIndex {
  const known = upTo.get(whole)?.get(step);
  if (known !== undefined) return known;
  const index = indexGraph(graphUpTo(whole, step));
  const made = upTo.get(whole) ?? new Map<StepPath, GraphIndex>();
  upTo.set(whole, made.set(step, index));
  return index;
}

/**
 * The part of a run. What it inherits matters only while its tasks are made: later its rows say so. Throws when the
 * earlier run has no results to take over any more.
 */
export function partOfRun(queries: EngineQueries, row: RunRow, whole: GraphIndex, tasks: readonly TaskRow[]): RunPart {
  const { extent } = row;
  if (extent.kind === "all") return { index: whole, inherited: NONE };
  if (!whole.steps.has(extent.step)) throw new Error(`its version has no step ${extent.step}`);
  if (extent.kind === "up-to") return { index: indexUpTo(whole, extent.step), inherited: NONE };
  return hasAllTasks(whole, tasks) ? { index: whole, inherited: NONE } : partFrom(queries, whole, extent);
}

function partFrom(
  queries: EngineQueries,
  whole: GraphIndex,
  { step, runId }: { readonly step: StepPath; readonly runId: string },
): RunPart {
  const source = queries.runs.named(runId);
  if (source === undefined) throw new Error(`run ${runId}, which it continues, is gone`);
  const tasks = new Map(
    queries.tasks
      .list(source.key)
      .filter((task) => task.path === task.stepPath)
      .map((task) => [task.path, task]),
  );
  const plan = stepsFrom(whole, step, (path) => tasks.get(path));
  const [missing] = plan.unusable;
  if (missing !== undefined) throw new Error(`step ${missing} has no result in run "${source.name}" any more`);
  const reason = takenOver(source.name, runId);
  const inherited = new Map<StepPath, Inherited>();
  for (const path of plan.takenOver) {
    const task = tasks.get(path);
    if (task === undefined) continue;
    const stays = task.state === "skipped" || task.state === "omitted";
    inherited.set(
      path,
      stays
        ? { sourceKey: null, state: task.state === "skipped" ? "skipped" : "omitted", reason: task.reason }
        : { sourceKey: task.key, state: "cached", reason },
    );
  }
  const graph = { ...whole.graph, steps: whole.graph.steps.filter(({ parent }) => !isInside(parent, plan.takenOver)) };
  return { index: indexGraph(graph), inherited };
}

/** Whether one of these groups holds what lies in `parent`. */
function isInside(parent: StepPath | null, groups: ReadonlySet<StepPath>): boolean {
  for (let at = parent ?? ""; at !== ""; at = at.slice(0, Math.max(at.lastIndexOf("/"), 0))) {
    if (groups.has(at)) return true;
  }
  return false;
}
