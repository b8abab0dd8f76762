/** The engine's statements on runs: what was asked for, what a run is made of, and how it moves. */
import type { Db } from "@/db/client";
import type { JsonValue, PipelineFormat, PipelineGraph } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import type { RunState } from "@/server/domain/states";
import type { TaskCounts } from "@/server/domain/views";
import { fromText, toText } from "./json";

/** What the engine needs of a run's row. */
export interface RunRow {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly versionKey: number;
  readonly pipelineName: string;
  readonly profile: string;
  readonly priority: number;
  readonly createdAtMs: number;
  readonly scheduledAtMs: number;
  readonly cancelRequestedAtMs: number | null;
  readonly cancelRequestedBy: string | null;
}

export interface RunFiles {
  readonly format: PipelineFormat;
  readonly specFile: string;
  readonly files: readonly { readonly path: string; readonly digest: string; readonly isExecutable: boolean }[];
}

export interface ProfileRow {
  readonly graceMs: number;
  readonly python: string | null;
  readonly environment: { readonly [name: string]: string };
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
  created_at as createdAtMs, scheduled_at as scheduledAtMs, cancel_requested_at as cancelRequestedAtMs,
  cancel_requested_by as cancelRequestedBy`;

/** Statements on runs, prepared once for a database. */
export function runQueries(db: Db) {
  const sql = db.$client;
  const intents = sql.prepare("select key from run where is_noticed = 0 order by key limit ?").pluck();
  const noticed = sql.prepare("update run set is_noticed = 1 where key = ?");
  const open = sql
    .prepare("select key from run where state in ('pending', 'running', 'canceling') order by key")
    .pluck();
  const find = sql.prepare(`select ${COLUMNS} from run where key = ?`);
  const graph = sql.prepare("select graph from version_spec where version_key = ?").pluck();
  const spec = sql.prepare(
    `select v.format, s.spec_file as specFile from version v join version_spec s on s.version_key = v.key where v.key = ?`,
  );
  const files = sql.prepare(
    "select path, digest, is_executable as isExecutable from version_file where version_key = ? order by path",
  );
  const profile = sql.prepare("select grace_ms as graceMs, python, environment from profile where name = ?");
  const parameters = sql.prepare("select name, value from run_parameter where run_key = ? order by name");
  const move = sql.prepare(
    `update run set state = ?, reason = ?, started_at = coalesce(started_at, ?), finished_at = ?, task_counts = ?
     where key = ? and state = ?`,
  );
  const counts = sql.prepare("update run set task_counts = ? where key = ?");
  const notice = sql.prepare("insert into run_notice (run_key, code, message, step) values (?, ?, ?, ?)");
  const firstFailure = sql.prepare(
    `select name, path, reason from task where run_key = ? and state = 'failed'
     order by kind in ('dag', 'loop', 'condition', 'exit-handler'), finished_at, key limit 1`,
  );
  return {
    hasIntents: () => intents.get(1) !== undefined,
    /** Keys of runs with an intent that nobody has read, oldest first. */
    intents: (limit: number) => intents.all(limit) as number[],
    markNoticed: (key: number) => noticed.run(key),
    /** Keys of all runs that are not over. */
    open: () => open.all() as number[],
    find: (key: number) => find.get(key) as RunRow | undefined,
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
    profile(name: string): ProfileRow | undefined {
      const row = profile.get(name) as { graceMs: number; python: string | null; environment: string } | undefined;
      return row && { ...row, environment: fromText<ProfileRow["environment"]>(row.environment) ?? {} };
    },
    parameters(runKey: number): { readonly [name: string]: JsonValue } {
      const rows = parameters.all(runKey) as { name: string; value: string | null }[];
      return Object.fromEntries(rows.map((row) => [row.name, fromText<JsonValue>(row.value)]));
    },
    /** Whether the run was in the expected state and has moved. */
    move(key: number, to: RunMove, counted: TaskCounts): boolean {
      const reason = toText(to.reason);
      const values = [to.to, reason, to.startedAtMs, to.finishedAtMs, JSON.stringify(counted), key, to.from];
      return move.run(...values).changes === 1;
    },
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
