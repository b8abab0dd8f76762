/** The statements of the result cache: what may be reused, who makes the same now, and taking a result over. */
import type { Db } from "@/db/client";
import type { JsonValue } from "@/pipelines/graph";
import type { CacheParts } from "@/server/domain/cache/cache-key";
import type { CachedArtifact } from "@/server/domain/cache/cache-parts";
import type { StoredArtifact } from "@/server/domain/cache/stored-result";
import type { Producer } from "@/server/domain/cache/words";
import type { Reason } from "@/server/domain/reason";
import { fromText, toText } from "./json";

/** A task of the same key: one whose result may be reused, or one that is on its way to such a result. */
export interface CacheCandidate extends Producer {
  readonly isUsable: boolean;
}

/** A key with the task that asks, and how that one would be queued. */
export interface CandidateRequest {
  readonly key: string;
  readonly task: number;
  readonly profile: string;
  readonly priority: number;
  readonly experimentKey: number;
}

/** What is noted of a task that computed a key. */
export interface CacheEntry {
  readonly taskKey: number;
  readonly cacheKey: string;
  readonly parts: CacheParts;
  readonly outcome: "hit" | "miss" | "off";
  readonly changed: readonly string[] | null;
  readonly pipelineName: string;
  readonly taskPath: string;
}

/** The last task of the same step that computed a key. */
export interface EarlierEntry {
  readonly taskKey: number;
  readonly parts: CacheParts;
}

interface NamedArtifact {
  readonly asName: string;
  readonly type: string;
  readonly path: string | null;
  readonly uri: string;
  readonly digest: string | null;
  readonly metadata: string;
}

/** More tasks of one key than this are not looked through. */
const MOST_CANDIDATES = 16;

/** Statements on the result cache, prepared once for a database. */
export function cacheQueries(db: Db) {
  const sql = db.$client;
  const candidates = sql.prepare(
    `select c.task_key as taskKey, t.path as taskPath, r.id as runId, r.name as runName,
       c.is_usable as isUsable
     from task_cache c join task t on t.key = c.task_key join run r on r.key = t.run_key
     where c.cache_key = @key and c.outcome <> 'hit' and c.forgotten_at is null and c.task_key <> @task
       and r.deleted_at is null
       and (c.is_usable = 1 or (t.state = 'queued' and t.retry_at is null
         and t.profile = @profile and t.priority >= @priority and t.experiment_key = @experimentKey)
         or t.state = 'running')
     order by c.task_key desc limit ${MOST_CANDIDATES}`,
  );
  const earlier = sql.prepare(
    `select task_key as taskKey, parts from task_cache
     where pipeline_name = ? and step_path = ? and task_key < ? order by task_key desc limit 1`,
  );
  const record = sql.prepare(
    `insert or replace into task_cache
       (task_key, cache_key, parts, outcome, changed, pipeline_name, step_path, is_usable, created_at)
     values (?, ?, ?, ?, ?, ?, ?, 0, ?)`,
  );
  const usable = sql.prepare("update task_cache set is_usable = 1 where task_key = ?");
  const gone = sql.prepare("update task_cache set is_usable = 0 where task_key = ?");
  const outputs = sql.prepare(
    `select l.name as output, a.name, a.path, a.size, a.digest, a.is_directory as isDirectory
     from task_artifact l join artifact a on a.key = l.artifact_key where l.task_key = ? and l.direction = 'output'`,
  );
  const artifacts = sql.prepare(
    `select l.name as asName, a.type, a.path, a.uri, a.digest, a.metadata
     from task_artifact l join artifact a on a.key = l.artifact_key
     where l.task_key = ? and l.direction = ? order by l.name, l.position`,
  );
  const takeValues = sql.prepare(
    `insert or replace into task_value (task_key, direction, name, value)
     select ?, direction, name, value from task_value where task_key = ? and direction = 'output'`,
  );
  const takeArtifacts = sql.prepare(
    `insert or replace into task_artifact (task_key, direction, name, position, artifact_key)
     select ?, direction, name, position, artifact_key from task_artifact where task_key = ? and direction = 'output'`,
  );
  const takeMetrics = sql.prepare(
    `insert into metric (run_key, task_key, name, value, "index", format, at)
     select ?, ?, name, value, "index", format, ? from metric
     where run_key = (select run_key from task where key = ?) and task_key = ?`,
  );
  const takeLastMetrics = sql.prepare(
    `insert into run_metric (run_key, name, value, position) select run_key, name, value, "index" from metric
     where run_key = ? and task_key = ? and "index" is not null order by "index"
     on conflict (run_key, name) do update set value = excluded.value, position = excluded.position
     where excluded.position >= position`,
  );
  const takeSource = sql.prepare("update task set source_task_key = ? where key = ?");
  const wait = sql.prepare("update task set reason = ? where key = ? and state = 'pending'");
  const versions = sql.prepare(
    `select v.name, v.version_id as versionId from secret s join secret_value v on v.secret_key = s.key
     where s.name = ?`,
  );
  const setting = sql.prepare("select value from setting where name = ?").pluck();
  return {
    /** Tasks of this key, newest first: with a result to reuse, or running, or queued where they are not the later ones. */
    candidates(asked: CandidateRequest): CacheCandidate[] {
      const rows = candidates.all(asked) as (Omit<CacheCandidate, "isUsable"> & { isUsable: number })[];
      return rows.map((row) => ({ ...row, isUsable: row.isUsable === 1 }));
    },
    /** What was noted last of the same step, before this task. */
    earlier(pipelineName: string, taskPath: string, beforeTask: number): EarlierEntry | undefined {
      const row = earlier.get(pipelineName, taskPath, beforeTask) as { taskKey: number; parts: string } | undefined;
      return row && { taskKey: row.taskKey, parts: JSON.parse(row.parts) as CacheParts };
    },
    /** Notes a key; what was noted of an earlier round of the same task is replaced. */
    record(entry: CacheEntry, nowMs: number): void {
      const { taskKey, cacheKey, parts, outcome, changed, pipelineName, taskPath } = entry;
      record.run(taskKey, cacheKey, JSON.stringify(parts), outcome, toText(changed), pipelineName, taskPath, nowMs);
    },
    /** From now on the task's outputs may be reused. */
    markUsable: (taskKey: number) => usable.run(taskKey),
    markGone: (taskKey: number) => gone.run(taskKey),
    outputs(taskKey: number): StoredArtifact[] {
      const rows = outputs.all(taskKey) as (Omit<StoredArtifact, "isDirectory"> & { isDirectory: number })[];
      return rows.map((row) => ({ ...row, isDirectory: row.isDirectory === 1 }));
    },
    /** The artifacts of a task by input or output name, known by what they hold. */
    artifacts(taskKey: number, direction: "input" | "output"): { [name: string]: CachedArtifact[] } {
      const byName = new Map<string, CachedArtifact[]>();
      for (const row of artifacts.all(taskKey, direction) as NamedArtifact[]) {
        const artifact = {
          type: row.type,
          digest: row.digest,
          location: row.path === null ? row.uri : null,
          metadata: fromText<{ [key: string]: JsonValue }>(row.metadata) ?? {},
        };
        byName.set(row.asName, [...(byName.get(row.asName) ?? []), artifact]);
      }
      return Object.fromEntries(byName);
    },
    /** Gives a task the outputs and metrics of another one: it refers to the same artifacts. */
    take(taskKey: number, runKey: number, sourceKey: number, nowMs: number): void {
      takeValues.run(taskKey, sourceKey);
      takeArtifacts.run(taskKey, sourceKey);
      if (takeMetrics.run(runKey, taskKey, nowMs, sourceKey, sourceKey).changes > 0)
        takeLastMetrics.run(runKey, taskKey);
      takeSource.run(sourceKey, taskKey);
    },
    /** Says why a pending task waits; false when it is not pending any more. */
    wait: (taskKey: number, reason: Reason): boolean => wait.run(toText(reason), taskKey).changes === 1,
    /** Version ids of the values of a secret or config map by key; null when there is none of that name. */
    secretVersions(name: string): { [key: string]: string } | null {
      const rows = versions.all(name) as { name: string; versionId: string }[];
      return rows.length === 0 ? null : Object.fromEntries(rows.map((row) => [row.name, row.versionId]));
    },
    /** A stored setting; undefined while nobody has set it. */
    setting: (name: string) => fromText<JsonValue>((setting.get(name) as string | undefined) ?? null) ?? undefined,
  };
}

export type CacheQueries = ReturnType<typeof cacheQueries>;
