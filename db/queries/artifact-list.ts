/** Artifacts with the run and the task that made them. */
import { eq, inArray, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { artifact, run, task } from "@/db/schema";
import type { ArtifactItemView } from "@/server/domain/views/artifacts";

const COLUMNS = {
  key: artifact.key,
  name: artifact.name,
  type: artifact.type,
  path: artifact.path,
  uri: artifact.uri,
  size: artifact.size,
  digest: artifact.digest,
  isDirectory: artifact.isDirectory,
  metadata: artifact.metadata,
  createdAt: artifact.createdAt,
  runId: run.id,
  runName: run.name,
  taskId: task.key,
  taskName: task.name,
  step: task.path,
};

const selectItems = (db: Executor) =>
  db
    .select(COLUMNS)
    .from(artifact)
    .innerJoin(run, eq(run.key, artifact.runKey))
    .innerJoin(task, eq(task.key, artifact.taskKey));

type Row = ReturnType<ReturnType<typeof selectItems>["all"]>[number];

function itemView(row: Row): ArtifactItemView {
  const { key, createdAt, runId, runName, taskId, taskName, step, metadata, ...rest } = row;
  return {
    id: key,
    ...rest,
    metadata: metadata ?? {},
    createdAt: createdAt.toISOString(),
    run: { id: runId, name: runName },
    task: { id: taskId, name: taskName, step },
  };
}

/** The artifacts with these keys, in their order. */
export function artifactItems(db: Executor, keys: readonly number[]): ArtifactItemView[] {
  if (keys.length === 0) return [];
  const rows = selectItems(db)
    .where(inArray(artifact.key, [...keys]))
    .all();
  const byKey = new Map(rows.map((row) => [row.key, itemView(row)]));
  return keys.flatMap((key) => byKey.get(key) ?? []);
}

/** One artifact, unless its run was deleted. */
export function findArtifactItem(db: Executor, key: number): ArtifactItemView | undefined {
  const row = selectItems(db).where(sql`${artifact.key} = ${key} and ${run.deletedAt} is null`).get();
  return row === undefined ? undefined : itemView(row);
}
