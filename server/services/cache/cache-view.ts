/** What the result cache made of a task, in words. */
import { findCacheEntry, findCacheSwitches, findEarlierTask } from "@/db/queries/cache-rows";
import { valuesOfTask } from "@/db/queries/task-rows";
import { GROUP_KINDS } from "@/pipelines/graph";
import { cacheIgnored, cacheObstacle } from "@/server/domain/cache/eligible";
import { hitWords, missWords, type ValuesOf } from "@/server/domain/cache/words";
import type { TaskState } from "@/server/domain/states";
import type { CacheView, TaskSummary } from "@/server/domain/views/tasks";
import type { Context } from "../context";
import { startable } from "../runs/startable";

/** Tasks that nobody has asked about yet, or never will. */
const UNREACHED: ReadonlySet<TaskState> = new Set(["pending", "skipped", "omitted"]);

type Entry = NonNullable<ReturnType<typeof findCacheEntry>>;

/** Null for a group, a task that was not reached, and one whose result another run has given it by its extent. */
export function cacheView(context: Context, task: TaskSummary): CacheView | null {
  const entry = findCacheEntry(context.db, task.id);
  if (entry !== undefined && entry.outcome !== "off") {
    const isUsable = entry.isUsable && entry.forgottenAt === null;
    return { outcome: entry.outcome, why: whyOf(context, task, entry), changed: entry.changed, isUsable };
  }
  const why = whyOff(context, task);
  return why === null
    ? null
    : { outcome: "off", why, changed: null, isUsable: entry?.isUsable === true && entry.forgottenAt === null };
}

function whyOf(context: Context, task: TaskSummary, entry: Entry): string {
  return entry.outcome === "hit"
    ? hitWords(task.source?.runName ?? "")
    : missWords(entry.changed, valuesNowAndBefore(context, task.id, entry));
}

function valuesNowAndBefore(context: Context, taskKey: number, entry: Entry): ValuesOf | undefined {
  const isInput = entry.changed?.some((part) => part.startsWith("input ")) ?? false;
  const earlier = isInput ? findEarlierTask(context.db, entry, taskKey) : undefined;
  if (earlier === undefined) return undefined;
  const before = valuesOfTask(context.db, earlier.taskKey).inputs.parameters;
  const now = valuesOfTask(context.db, taskKey).inputs.parameters;
  return (input) => ({ before: before[input], now: now[input] });
}

/** Why the step of a task that was reached takes nothing over. */
function whyOff(context: Context, task: TaskSummary): string | null {
  if (GROUP_KINDS.has(task.kind) || UNREACHED.has(task.state) || task.source !== null) return null;
  const run = findCacheSwitches(context.db, task.id);
  if (run === undefined) return null;
  const { graph } = startable(context, { key: run.versionKey, digest: run.digest });
  const step = graph.steps.find(({ path }) => path === task.stepPath);
  return step === undefined ? null : (cacheObstacle(step, run) ?? cacheIgnored(step, run));
}
