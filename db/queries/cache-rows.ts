/** What is noted of a task's result for its view, and the forgetting of results. */
import { and, desc, eq, lt } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { run, task, taskCache, version } from "@/db/schema";
import { preparedFor } from "./statements";

/** What is noted of a task that computed a key. */
export const findCacheEntry = (db: Executor, taskKey: number) =>
  db
    .select({
      outcome: taskCache.outcome,
      changed: taskCache.changed,
      isUsable: taskCache.isUsable,
      forgottenAt: taskCache.forgottenAt,
      pipelineName: taskCache.pipelineName,
      stepPath: taskCache.stepPath,
    })
    .from(taskCache)
    .where(eq(taskCache.taskKey, taskKey))
    .get();

/** The task of the same step that was noted last before this one. */
export const findEarlierTask = (
  db: Executor,
  { pipelineName, stepPath }: { readonly pipelineName: string; readonly stepPath: string },
  taskKey: number,
) =>
  db
    .select({ taskKey: taskCache.taskKey })
    .from(taskCache)
    .where(
      and(eq(taskCache.pipelineName, pipelineName), eq(taskCache.stepPath, stepPath), lt(taskCache.taskKey, taskKey)),
    )
    .orderBy(desc(taskCache.taskKey))
    .limit(1)
    .get();

/** What of a task's run decides whether its steps are cached at all. */
export const findCacheSwitches = (db: Executor, taskKey: number) =>
  db
    .select({
      versionKey: version.key,
      digest: version.digest,
      fileMode: run.fileMode,
      cacheOff: run.cacheOff,
      cache: run.cache,
      extent: run.extent,
    })
    .from(task)
    .innerJoin(run, eq(run.key, task.runKey))
    .innerJoin(version, eq(version.key, run.versionKey))
    .where(eq(task.key, taskKey))
    .get();

/**
 * Forgets every result of the keys that `noted` finds: those of the tasks themselves and of any other of the same key,
 * else the next run would take it from there. Returns how many results are gone.
 */
export const forgetting = preparedFor(({ $client }) => {
  const forget = (noted: string) =>
    $client.prepare(
      `update task_cache set forgotten_at = @at where forgotten_at is null and is_usable = 1
       and outcome <> 'hit' and cache_key in (select c.cache_key from task_cache c ${noted})`,
    );
  const inPipeline = `join task t on t.key = c.task_key join run r on r.key = t.run_key
    where r.pipeline_key = @pipeline`;
  const ofTask = forget("where c.task_key = @task");
  const ofPipeline = forget(inPipeline);
  const ofStep = forget(`${inPipeline} and (t.step_path = @step or t.step_path like @inside escape '\\')`);
  const escaped = (text: string) => text.replace(/[\\%_]/g, "\\$&");
  return {
    ofTask: (taskKey: number, at: Date): number => ofTask.run({ task: taskKey, at: at.getTime() }).changes,
    /** Of all steps of a pipeline, or of one step and what lies in it. */
    ofPipeline(pipelineKey: number, step: string | null, at: Date): number {
      const named = { pipeline: pipelineKey, at: at.getTime() };
      return step === null
        ? ofPipeline.run(named).changes
        : ofStep.run({ ...named, step, inside: `${escaped(step)}/%` }).changes;
    },
  };
});
