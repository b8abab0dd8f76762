/** Writes the rows of pipelines, runs, tasks and attempts that seeds are made of. */
import { createHash } from "node:crypto";
import type { JsonValue, PipelineGraph } from "@/pipelines/graph";
import type { Reason } from "@/server/domain/reason";
import type { AttemptState, RunState, TaskState } from "@/server/domain/states";
import type { Db } from "../client";
import { seededUuid } from "./rng";

export interface SeedContext {
  readonly db: Db;
  readonly random: () => number;
  /** The moment that all seeded times count back from. */
  readonly nowMs: number;
}

export interface SeededVersion {
  readonly versionKey: number;
  readonly pipelineKey: number;
  readonly name: string;
}

/** Key of the experiment `name`, made when absent; `Default` is the default one. */
export function experimentKey(context: SeedContext, name: string): number {
  const sql = context.db.$client;
  const known = sql.prepare("select key from experiment where name = ? and deleted_at is null").pluck().get(name);
  if (typeof known === "number") return known;
  const made = sql
    .prepare("insert into experiment (id, name, is_default, created_at) values (?, ?, ?, ?)")
    .run(seededUuid(context.random), name, name === "Default" ? 1 : 0, context.nowMs);
  return Number(made.lastInsertRowid);
}

/** A pipeline with one version of `graph`; a pipeline of that name gets a further version. */
export function addVersion(context: SeedContext, graph: PipelineGraph): SeededVersion {
  const sql = context.db.$client;
  const { nowMs, random } = context;
  const known = sql.prepare("select key from pipeline where name = ? and deleted_at is null").pluck().get(graph.name);
  const pipelineKey =
    typeof known === "number"
      ? known
      : Number(
          sql
            .prepare("insert into pipeline (id, name, display_name, created_at, updated_at) values (?, ?, ?, ?, ?)")
            .run(seededUuid(random), graph.name, graph.name, nowMs, nowMs).lastInsertRowid,
        );
  const number = Number(
    sql.prepare("select coalesce(max(number), 0) + 1 from version where pipeline_key = ?").pluck().get(pipelineKey),
  );
  const text = JSON.stringify({ seeded: graph.name, steps: graph.steps.length });
  const versionKey = Number(
    sql
      .prepare(
        `insert into version (id, pipeline_key, number, name, display_name, format, format_version, state, digest, step_count, created_at)
         values (?, ?, ?, ?, ?, ?, ?, 'runnable', ?, ?, ?)`,
      )
      .run(
        seededUuid(random),
        pipelineKey,
        number,
        `${graph.name} ${number}`,
        `${graph.name} ${number}`,
        graph.format,
        graph.formatVersion,
        createHash("sha256").update(`${text}${number}`).digest("hex"),
        graph.steps.length,
        nowMs,
      ).lastInsertRowid,
  );
  sql
    .prepare(
      "insert into version_spec (version_key, spec_file, text, graph, problems, missing) values (?, ?, ?, ?, '[]', '[]')",
    )
    .run(versionKey, `${graph.name}.json`, text, JSON.stringify(graph));
  return { versionKey, pipelineKey, name: graph.name };
}

export interface SeededRun {
  readonly version: SeededVersion;
  readonly experimentKey: number;
  readonly name: string;
  readonly state: RunState;
  readonly reason?: Reason;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  readonly taskCounts: { readonly [state in TaskState]?: number };
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly tags?: { readonly [name: string]: string };
}

/** Statements of the hot path, prepared once. */
export function runWriter(context: SeedContext) {
  const sql = context.db.$client;
  const insertRun = sql.prepare(
    `insert into run (id, name, state, reason, version_key, pipeline_key, pipeline_name, experiment_key, profile, origin,
       task_counts, created_at, scheduled_at, started_at, finished_at, is_noticed)
     values (?, ?, ?, ?, ?, ?, ?, ?, 'local', 'manual', ?, ?, ?, ?, ?, 1)`,
  );
  const insertParameter = sql.prepare(
    "insert into run_parameter (run_key, name, is_given, raw, value) values (?, ?, 1, ?, ?)",
  );
  const insertTag = sql.prepare("insert into run_tag (run_key, name, value) values (?, ?, ?)");
  const insertMetric = sql.prepare("insert into metric (run_key, name, value, format, at) values (?, ?, ?, 'raw', ?)");
  return {
    /** Writes a run with its parameters and gives its key. */
    add(run: SeededRun): number {
      const made = insertRun.run(
        seededUuid(context.random),
        run.name,
        run.state,
        run.reason ? JSON.stringify(run.reason) : null,
        run.version.versionKey,
        run.version.pipelineKey,
        run.version.name,
        run.experimentKey,
        JSON.stringify(run.taskCounts),
        run.createdAtMs,
        run.createdAtMs,
        run.startedAtMs,
        run.finishedAtMs,
      );
      const key = Number(made.lastInsertRowid);
      for (const [name, value] of Object.entries(run.parameters)) {
        insertParameter.run(key, name, JSON.stringify(value), JSON.stringify(value));
      }
      for (const [name, value] of Object.entries(run.tags ?? {})) insertTag.run(key, name, value);
      return key;
    },
    metric(runKey: number, name: string, value: number, atMs: number): void {
      insertMetric.run(runKey, name, value, atMs);
    },
  };
}

export interface SeededTask {
  readonly runKey: number;
  readonly path: string;
  readonly state: TaskState;
  readonly reason?: Reason;
  readonly atMs: number;
  readonly tookMs: number;
  readonly attempt?: AttemptState;
}

/** Writes a task and, where `attempt` says so, its one attempt; gives both keys. */
export function addTask(context: SeedContext, task: SeededTask): number {
  const sql = context.db.$client;
  const hasStarted = task.attempt !== undefined;
  const isOver = !["pending", "queued", "running", "canceling"].includes(task.state);
  const reason = task.reason ? JSON.stringify(task.reason) : null;
  const key = Number(
    sql
      .prepare(
        `insert into task (run_key, path, step_path, name, kind, state, reason, attempt, created_at, queued_at, started_at, finished_at)
         values (?, ?, ?, ?, 'container', ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        task.runKey,
        task.path,
        task.path,
        decodeURIComponent(task.path),
        task.state,
        reason,
        hasStarted ? 1 : 0,
        task.atMs,
        hasStarted || task.state === "queued" ? task.atMs : null,
        hasStarted ? task.atMs + 40 : null,
        isOver ? task.atMs + task.tookMs : null,
      ).lastInsertRowid,
  );
  if (task.attempt !== undefined) {
    const exitCode = task.attempt === "succeeded" ? 0 : task.attempt === "failed" ? 1 : null;
    sql
      .prepare(
        `insert into attempt (task_key, run_key, number, state, reason, exit_code, created_at, started_at, finished_at)
         values (?, ?, 1, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        key,
        task.runKey,
        task.attempt,
        reason,
        exitCode,
        task.atMs,
        task.atMs + 40,
        isOver ? task.atMs + task.tookMs : null,
      );
  }
  return key;
}
