/** Pipelines as views: a row and its newest version. */
import type { PipelineRow } from "@/db/queries/pipeline-rows";
import { latestVersions, versionSummary } from "@/db/queries/version-rows";
import type { PipelineSummary } from "@/server/domain/views/pipelines";
import type { Context } from "../context";

/** The views of these rows; the versions of all are read in one statement. */
export function pipelineViews(context: Context, rows: readonly PipelineRow[]): PipelineSummary[] {
  const keys = rows.map((row) => row.key);
  const versions = latestVersions(context.db, keys);
  return rows.map((row) => {
    const version = versions.get(row.key);
    const { lastRunId, lastRunState, lastRunAt } = row;
    return {
      id: row.id,
      name: row.displayName,
      description: row.description,
      fileMode: row.fileMode,
      cache: row.cache,
      profile: row.profile,
      tags: row.tags,
      format: version?.latest.format ?? "kfp",
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      latestVersion: version === undefined ? null : versionSummary(version.latest),
      versionCount: version?.count ?? 0,
      lastRun:
        lastRunId === null || lastRunState === null || lastRunAt === null
          ? null
          : { id: lastRunId, state: lastRunState, createdAt: lastRunAt.toISOString() },
      lastRuns: row.lastRuns,
      runCount: row.runCount,
    };
  });
}
