/** Artifacts as views, by the task or run that names them. */
import { asc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { artifact, runArtifact, taskArtifact } from "@/db/schema";
import type { ArtifactView } from "@/server/domain/views/artifacts";

/** What the view of an artifact is made of. */
export const ARTIFACT_COLUMNS = {
  id: artifact.key,
  name: artifact.name,
  type: artifact.type,
  path: artifact.path,
  uri: artifact.uri,
  size: artifact.size,
  digest: artifact.digest,
  isDirectory: artifact.isDirectory,
  metadata: artifact.metadata,
};

type NamedArtifacts = { [name: string]: ArtifactView[] };

function grouped<Row extends { readonly as: string; readonly view: ArtifactView }>(
  rows: readonly Row[],
): NamedArtifacts {
  const byName: NamedArtifacts = {};
  for (const { as, view } of rows) {
    byName[as] ??= [];
    byName[as].push({ ...view, metadata: view.metadata ?? {} });
  }
  return byName;
}

/** Artifacts that are outputs of the run as a whole, by output name, lists in order. */
export function artifactsOfRun(db: Executor, runKey: number): NamedArtifacts {
  const rows = db
    .select({ as: runArtifact.name, view: ARTIFACT_COLUMNS })
    .from(runArtifact)
    .innerJoin(artifact, eq(artifact.key, runArtifact.artifactKey))
    .where(eq(runArtifact.runKey, runKey))
    .orderBy(asc(runArtifact.name), asc(runArtifact.position))
    .all();
  return grouped(rows);
}

/** Artifacts of a task, inputs and outputs apart. */
export function artifactsOfTask(db: Executor, taskKey: number): { inputs: NamedArtifacts; outputs: NamedArtifacts } {
  const rows = db
    .select({ as: taskArtifact.name, direction: taskArtifact.direction, view: ARTIFACT_COLUMNS })
    .from(taskArtifact)
    .innerJoin(artifact, eq(artifact.key, taskArtifact.artifactKey))
    .where(eq(taskArtifact.taskKey, taskKey))
    .orderBy(asc(taskArtifact.name), asc(taskArtifact.position))
    .all();
  return {
    inputs: grouped(rows.filter((row) => row.direction === "input")),
    outputs: grouped(rows.filter((row) => row.direction === "output")),
  };
}
