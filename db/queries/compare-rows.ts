/** What a comparison reads of several runs at once: one statement for each section, however many runs there are. */
import { and, eq, inArray, lte, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Executor } from "@/db/client";
import { artifact, experiment, run, runParameter, task, taskArtifact, version, versionSpec } from "@/db/schema";
import type { StepKind } from "@/pipelines/graph";
import type { TaskState } from "@/server/domain/states";
import { ARTIFACT_COLUMNS } from "./artifact-rows";

const baseline = alias(run, "baseline");

/** More rows than a page shows: what is beyond is counted, not given. */
const MOST_ROWS = 50_000;

/** What lists do not show of a run, and the baseline of its experiment while it stands. */
export function optionsOfRuns(db: Executor, runKeys: readonly number[]) {
  return db
    .select({
      key: run.key,
      versionKey: run.versionKey,
      versionDigest: version.digest,
      profileSettings: run.profileSettings,
      fileMode: run.fileMode,
      cache: run.cache,
      baselineId: baseline.id,
      baselineName: baseline.name,
      baselineDeletedAt: baseline.deletedAt,
    })
    .from(run)
    .leftJoin(version, eq(version.key, run.versionKey))
    .leftJoin(experiment, eq(experiment.key, run.experimentKey))
    .leftJoin(baseline, eq(baseline.key, experiment.baselineRunKey))
    .where(inArray(run.key, [...runKeys]))
    .all();
}

/** Parameters as JSON text, so that long ones can be cut without being read. */
export function parameterTextsOfRuns(db: Executor, runKeys: readonly number[]) {
  return db
    .select({ runKey: runParameter.runKey, name: runParameter.name, text: sql<string>`${runParameter.value}` })
    .from(runParameter)
    .where(inArray(runParameter.runKey, [...runKeys]))
    .all();
}

/** The tasks of one step in one state, in one run; iterations of a loop stand apart from the loop itself. */
export interface StepStateRow {
  readonly runKey: number;
  readonly step: string;
  readonly kind: StepKind;
  readonly name: string;
  readonly isIteration: number;
  readonly state: TaskState;
  readonly count: number;
  /** The first of them, and its newest attempt. */
  readonly task: number;
  readonly attempt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** How many have no end yet. */
  readonly open: number;
}

const keysOf = (runKeys: readonly number[]): SQL =>
  sql.join(
    runKeys.map((key) => sql`${key}`),
    sql`, `,
  );

/** Tasks of these runs by step and state, in the order in which steps were reached. */
export function stepStatesOfRuns(db: Executor, runKeys: readonly number[]): StepStateRow[] {
  return db.all<StepStateRow>(sql`
    select g.run_key as runKey, t.step_path as step, t.kind, t.name, g.is_iteration as isIteration, t.state,
      g.count, t.key as task, t.attempt, g.started_at as startedAt, g.finished_at as finishedAt, g.open
    from (select run_key, iteration is not null as is_iteration, count(*) as count, min(key) as task_key,
        min(started_at) as started_at, max(finished_at) as finished_at, sum(finished_at is null) as open
      from ${task} where run_key in (${keysOf(runKeys)})
      group by run_key, step_path, iteration is not null, state) g
    join ${task} t on t.key = g.task_key order by t.key limit ${MOST_ROWS}`);
}

/** What one run left under an output name at a step: how many, and the first of them. */
export interface ArtifactRow {
  readonly runKey: number;
  readonly step: string;
  readonly name: string;
  readonly count: number;
  readonly task: number;
  readonly id: number;
  readonly type: string;
  readonly size: number | null;
  readonly digest: string | null;
}

/** Output artifacts of these runs by step and name. */
export function artifactCellsOfRuns(db: Executor, runKeys: readonly number[]): ArtifactRow[] {
  return db.all<ArtifactRow>(sql`
    select g.run_key as runKey, g.step_path as step, g.name, g.count, g.task_key as task,
      a.key as id, a.type, a.size, a.digest
    from (select t.run_key, t.step_path, o.name, count(*) as count, min(o.artifact_key) as artifact_key,
        min(t.key) as task_key
      from ${task} t join ${taskArtifact} o on o.task_key = t.key and o.direction = 'output'
      where t.run_key in (${keysOf(runKeys)}) group by t.run_key, t.step_path, o.name) g
    join ${artifact} a on a.key = g.artifact_key order by g.task_key, g.name limit ${MOST_ROWS}`);
}

/** Output artifacts under one name at one step, the first few of each run. */
export function artifactsAtStep(db: Executor, runKeys: readonly number[], step: string, name: string, most: number) {
  const rank = sql<number>`row_number() over (partition by ${task.runKey} order by ${task.key}, ${taskArtifact.position})`;
  const ranked = db
    .select({ runKey: sql<number>`${task.runKey}`.as("run"), view: ARTIFACT_COLUMNS, rank: rank.as("rank") })
    .from(task)
    .innerJoin(taskArtifact, and(eq(taskArtifact.taskKey, task.key), eq(taskArtifact.direction, "output")))
    .innerJoin(artifact, eq(artifact.key, taskArtifact.artifactKey))
    .where(and(inArray(task.runKey, [...runKeys]), eq(task.stepPath, step), eq(taskArtifact.name, name)))
    .as("ranked");
  return db.select().from(ranked).where(lte(ranked.rank, most)).all();
}

/** Images that the steps of these versions name, read out of the graphs without reading them whole. */
export function imagesOfVersions(db: Executor, versionKeys: readonly number[]) {
  return db.all<{ versionKey: number; step: string; image: string }>(sql`
    select s.version_key as versionKey, each.value ->> 'path' as step, each.value -> 'body' ->> 'image' as image
    from ${versionSpec} s, json_each(s.graph, '$.steps') each
    where s.version_key in (${keysOf(versionKeys)}) and json_valid(s.graph)
      and each.value -> 'body' ->> 'image' is not null limit ${MOST_ROWS}`);
}
