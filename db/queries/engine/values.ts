/** The engine's statements on what tasks take and leave: parameter values, artifacts, metrics, outputs of the run. */
import type { Db } from "@/db/client";
import type { JsonValue } from "@/pipelines/graph";
import { fromText, toText } from "./json";

type Direction = "input" | "output";
type Metadata = { readonly [key: string]: JsonValue };

/** An artifact as it is stored; `path` is relative to the data directory. */
export interface ArtifactRow {
  readonly key: number;
  readonly name: string;
  readonly type: string;
  readonly uri: string;
  readonly path: string | null;
  readonly metadata: Metadata;
  readonly size: number | null;
}

export interface NewArtifact extends Omit<ArtifactRow, "key"> {
  readonly digest: string | null;
  readonly isDirectory: boolean;
}

/** Statements on values, prepared once for a database. */
export function valueQueries(db: Db) {
  const sql = db.$client;
  const value = sql.prepare("select value from task_value where task_key = ? and direction = ? and name = ?").raw();
  const values = sql.prepare("select name, value from task_value where task_key = ? and direction = ? order by name");
  const setValue = sql.prepare(
    "insert or replace into task_value (task_key, direction, name, value) values (?, ?, ?, ?)",
  );
  const artifactKeys = sql
    .prepare(
      "select artifact_key from task_artifact where task_key = ? and direction = ? and name = ? order by position",
    )
    .pluck();
  const artifacts = sql.prepare(
    `select t.name as input, a.key, a.name, a.type, a.uri, a.path, a.metadata, a.size
     from task_artifact t join artifact a on a.key = t.artifact_key
     where t.task_key = ? and t.direction = ? order by t.name, t.position`,
  );
  const link = sql.prepare(
    "insert or replace into task_artifact (task_key, direction, name, position, artifact_key) values (?, ?, ?, ?, ?)",
  );
  const insertArtifact = sql.prepare(
    `insert into artifact (run_key, task_key, name, type, path, uri, size, digest, is_directory, metadata, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertMetric = sql.prepare(
    `insert into metric (run_key, task_key, name, value, "index", format, at) values (?, ?, ?, ?, null, ?, ?)`,
  );
  const collected = sql.prepare(
    `select v.value from task t join task_value v on v.task_key = t.key and v.direction = 'output' and v.name = ?
     where t.parent_key = ? and t.iteration is not null order by t.iteration`,
  );
  const collectedArtifacts = sql
    .prepare(
      `select a.artifact_key from task t join task_artifact a on a.task_key = t.key and a.direction = 'output'
         and a.name = ?
       where t.parent_key = ? and t.iteration is not null order by t.iteration, a.position`,
    )
    .pluck();
  const runOutput = sql.prepare("insert or replace into run_output (run_key, name, value) values (?, ?, ?)");
  const runArtifact = sql.prepare(
    "insert or replace into run_artifact (run_key, name, position, artifact_key) values (?, ?, ?, ?)",
  );
  return {
    /** A stored value; undefined when there is none, null for JSON null. */
    parameter(taskKey: number, direction: Direction, name: string): JsonValue | undefined {
      const row = value.get(taskKey, direction, name) as [string | null] | undefined;
      return row === undefined ? undefined : fromText<JsonValue>(row[0]);
    },
    parameters(taskKey: number, direction: Direction): { readonly [name: string]: JsonValue } {
      const rows = values.all(taskKey, direction) as { name: string; value: string | null }[];
      return Object.fromEntries(rows.map((row) => [row.name, fromText<JsonValue>(row.value)]));
    },
    setParameter: (taskKey: number, direction: Direction, name: string, of: JsonValue) =>
      setValue.run(taskKey, direction, name, toText(of)),
    artifactKeys: (taskKey: number, direction: Direction, name: string) =>
      artifactKeys.all(taskKey, direction, name) as number[],
    /** Artifacts by input or output name, each list in its order. */
    artifacts(taskKey: number, direction: Direction): Map<string, ArtifactRow[]> {
      const rows = artifacts.all(taskKey, direction) as (Omit<ArtifactRow, "metadata"> & {
        input: string;
        metadata: string;
      })[];
      const named = new Map<string, ArtifactRow[]>();
      for (const { input, ...row } of rows) {
        const artifact = { ...row, metadata: fromText<Metadata>(row.metadata) ?? {} };
        named.set(input, [...(named.get(input) ?? []), artifact]);
      }
      return named;
    },
    linkArtifact: (taskKey: number, direction: Direction, name: string, position: number, artifactKey: number) =>
      link.run(taskKey, direction, name, position, artifactKey),
    insertArtifact(runKey: number, taskKey: number, made: NewArtifact, nowMs: number): number {
      const where = [made.path, made.uri, made.size, made.digest, made.isDirectory ? 1 : 0];
      const row = [runKey, taskKey, made.name, made.type, ...where, JSON.stringify(made.metadata), nowMs];
      return Number(insertArtifact.run(...row).lastInsertRowid);
    },
    /** An output of every iteration of a loop that has it, in their order. */
    collected: (loopKey: number, name: string) =>
      (collected.all(name, loopKey) as { value: string | null }[]).map((row) => fromText<JsonValue>(row.value)),
    collectedArtifacts: (loopKey: number, name: string) => collectedArtifacts.all(name, loopKey) as number[],
    insertMetric: (runKey: number, taskKey: number, name: string, of: number, format: string, nowMs: number) =>
      insertMetric.run(runKey, taskKey, name, of, format, nowMs),
    setRunOutput: (runKey: number, name: string, of: JsonValue) => runOutput.run(runKey, name, toText(of)),
    linkRunArtifact: (runKey: number, name: string, position: number, artifactKey: number) =>
      runArtifact.run(runKey, name, position, artifactKey),
  };
}

export type ValueQueries = ReturnType<typeof valueQueries>;
