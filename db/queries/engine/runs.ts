/** The engine's statements on runs: what was asked for, what a run is made of, and how it moves. */
import type { Db } from "@/db/client";
import type { JsonValue, PipelineFormat, PipelineGraph } from "@/pipelines/graph";
import type { ProfileSettings } from "@/server/domain/profile";
import type { Reason } from "@/server/domain/reason";
import type { RunState } from "@/server/domain/states";
import type { FileMode, RunExtent } from "@/server/domain/views/runs";
import type { TaskCounts } from "@/server/domain/views/tasks";
import { fromText, toText } from "./json";

/** What the engine needs of a run's row. */
export interface RunRow {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly versionKey: number;
  readonly pipelineName: string;
  readonly experimentKey: number;
  readonly profile: string;
  readonly priority: number;
  readonly createdAtMs: number;
  readonly scheduledAtMs: number;
  readonly cancelRequestedAtMs: number | null;
  readonly cancelRequestedBy: string | null;
  readonly isCancelHard: boolean;
  /** Why it is canceling, while it is. */
  readonly reason: Reason | null;
  readonly fileMode: FileMode;
  readonly extent: RunExtent;
  readonly stopsOnFailure: boolean;
  readonly cache: "use" | "ignore";
  readonly cacheOff: readonly string[];
  readonly startedAtMs: number | null;
  readonly deadlineAtMs: number | null;
  readonly retryRequestedAtMs: number | null;
  readonly recurringRunKey: number | null;
  /** Kept back until its recurring run has room. */
  readonly isHeld: boolean;
}

export interface RunFiles {
  readonly format: PipelineFormat;
  readonly specFile: string;
  readonly files: readonly { readonly path: string; readonly digest: string; readonly isExecutable: boolean }[];
}

/** A run's next row; null fields stay as they are. */
export interface RunMove {
  readonly from: RunState;
  readonly to: RunState;
  readonly reason: Reason | null;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
}

const COLUMNS = `key, id, name, state, version_key as versionKey, pipeline_name as pipelineName, profile, priority,
  experiment_key as experimentKey, created_at as createdAtMs, scheduled_at as scheduledAtMs, cancel_requested_at as cancelRequestedAtMs,
  cancel_requested_by as cancelRequestedBy, is_cancel_hard as isCancelHard, reason, file_mode as fileMode, extent,
  stops_on_failure as stopsOnFailure, cache, cache_off as cacheOff, started_at as startedAtMs,
  deadline_at as deadlineAtMs, retry_requested_at as retryRequestedAtMs,
  recurring_run_key as recurringRunKey, is_held as isHeld`;

type StoredRun = Omit<RunRow, "isCancelHard" | "isHeld" | "stopsOnFailure" | "reason" | "extent" | "cacheOff"> & {
  readonly isCancelHard: number;
  readonly isHeld: number;
  readonly stopsOnFailure: number;
  readonly reason: string | null;
  readonly extent: string;
  readonly cacheOff: string;
};

/** Statements on runs, prepared once for a database. */
export function runQueries(db: Db) {
  const sql = db.$client;
  const intents = sql.prepare("select key from run where is_noticed = 0 order by key limit ?").pluck();
  const look = sql.prepare(
    `select exists (select 1 from run where is_noticed = 0) as hasIntents, (select min(next_at) from recurring_run
       where is_enabled = 1 and deleted_at is null and next_at is not null) as nextDueMs`,
  );
  const noticed = sql.prepare("update run set is_noticed = 1 where key = ?");
  const open = sql
    .prepare("select key from run where state in ('pending', 'running', 'canceling') and is_held = 0 order by key")
    .pluck();
  const find = sql.prepare(`select ${COLUMNS} from run where key = ?`);
  const named = sql.prepare("select key, name from run where id = ?");
  const graph = sql.prepare("select graph from version_spec where version_key = ?").pluck();
  const spec = sql.prepare(
    `select v.format, s.spec_file as specFile from version v join version_spec s on s.version_key = v.key where v.key = ?`,
  );
  const files = sql.prepare(
    "select path, digest, is_executable as isExecutable from version_file where version_key = ? order by path",
  );
  const profile = sql.prepare("select profile_settings from run where key = ?").pluck();
  const parameters = sql.prepare("select name, value from run_parameter where run_key = ? order by name");
  const move = sql.prepare(
    `update run set state = ?, reason = ?, started_at = coalesce(started_at, ?),
       finished_at = max(?, coalesce(started_at, ?, 0)), task_counts = ?
     where key = ? and state = ?`,
  );
  const hold = sql.prepare("update run set is_held = ?, reason = ? where key = ?");
  const limit = sql.prepare("update run set deadline_at = ? where key = ?");
  const overdue = sql
    .prepare("select key from run where state = 'running' and deadline_at is not null and deadline_at <= ?")
    .pluck();
  const nextDeadline = sql
    .prepare("select min(deadline_at) from run where state = 'running' and deadline_at is not null and deadline_at > ?")
    .pluck();
  const counts = sql.prepare("update run set task_counts = ? where key = ?");
  const notice = sql.prepare("insert into run_notice (run_key, code, message, step) values (?, ?, ?, ?)");
  const firstFailure = sql.prepare(
    `select name, path, reason from task where run_key = ? and state = 'failed'
     order by kind in ('dag', 'loop', 'condition', 'exit-handler'), finished_at, key limit 1`,
  );
  return {
    /** What others may have written: whether an intent is unread, and when the next recurring run is due. */
    look(): { readonly hasIntents: boolean; readonly nextDueMs: number | null } {
      const { hasIntents, nextDueMs } = look.get() as { hasIntents: number; nextDueMs: number | null };
      return { hasIntents: hasIntents === 1, nextDueMs };
    },
    /** Keys of runs with an intent that nobody has read, oldest first. */
    intents: (limit: number) => intents.all(limit) as number[],
    markNoticed: (key: number) => noticed.run(key),
    /** Keys of all runs that are not over, but for those that are kept back. */
    open: () => open.all() as number[],
    find(key: number): RunRow | undefined {
      const row = find.get(key) as StoredRun | undefined;
      return (
        row && {
          ...row,
          isCancelHard: row.isCancelHard === 1,
          isHeld: row.isHeld === 1,
          stopsOnFailure: row.stopsOnFailure === 1,
          reason: fromText<Reason>(row.reason),
          extent: fromText<RunExtent>(row.extent) ?? { kind: "all" },
          cacheOff: fromText<readonly string[]>(row.cacheOff) ?? [],
        }
      );
    },
    /** A run by its id, whether deleted or not. */
    named: (id: string) => named.get(id) as { key: number; name: string } | undefined,
    graph(versionKey: number): PipelineGraph {
      const text = graph.get(versionKey) as string | undefined;
      if (text === undefined) throw new Error("the version of this run has no stored graph");
      return JSON.parse(text) as PipelineGraph;
    },
    files(versionKey: number): RunFiles {
      const row = spec.get(versionKey) as Pick<RunFiles, "format" | "specFile">;
      const rows = files.all(versionKey) as { path: string; digest: string; isExecutable: number }[];
      return { ...row, files: rows.map((file) => ({ ...file, isExecutable: file.isExecutable === 1 })) };
    },
    /** The profile as it went along with the run; null when none was stored. */
    profileSettings: (runKey: number) => fromText<ProfileSettings>((profile.get(runKey) as string | null) ?? null),
    parameters(runKey: number): { readonly [name: string]: JsonValue } {
      const rows = parameters.all(runKey) as { name: string; value: string | null }[];
      return Object.fromEntries(rows.map((row) => [row.name, fromText<JsonValue>(row.value)]));
    },
    /** Whether the run was in the expected state and has moved. */
    move(key: number, to: RunMove, counted: TaskCounts): boolean {
      const reason = toText(to.reason);
      const moments = [to.startedAtMs, to.finishedAtMs, to.startedAtMs];
      return move.run(to.to, reason, ...moments, JSON.stringify(counted), key, to.from).changes === 1;
    },
    /** Keeps a run back for a reason, or lets it go when there is none. */
    hold: (key: number, reason: Reason | null) => hold.run(reason === null ? 0 : 1, toText(reason), key),
    /** Ends the run at this moment if it is still running then. */
    limit: (key: number, deadlineAtMs: number) => limit.run(deadlineAtMs, key),
    /** Runs that are past their time limit. */
    overdue: (nowMs: number) => overdue.all(nowMs) as number[],
    nextDeadline: (nowMs: number) => nextDeadline.get(nowMs) as number | null,
    count: (key: number, counted: TaskCounts) => counts.run(JSON.stringify(counted), key),
    addNotice: (key: number, code: string, message: string, step: string | null) =>
      notice.run(key, code, message, step),
    /** The leaf task that failed with the earliest end; a group only when no leaf failed. */
    firstFailure(key: number): { name: string; path: string; reason: Reason | null } | undefined {
      const row = firstFailure.get(key) as { name: string; path: string; reason: string | null } | undefined;
      return row && { ...row, reason: fromText<Reason>(row.reason) };
    },
  };
}

export type RunQueries = ReturnType<typeof runQueries>;
