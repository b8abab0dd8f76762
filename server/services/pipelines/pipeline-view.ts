/** Pipelines as views: a row with its tags and its newest version. */
import { type PipelineRow, tagsOfPipelines } from "@/db/queries/pipeline-rows";
import { latestVersions, versionSummary } from "@/db/queries/version-rows";
import type { PipelineSummary } from "@/server/domain/views/pipelines";
import type { Context } from "../context";

/** The views of these rows; tags and versions are read in one statement each. */
export function pipelineViews(context: Context, rows: readonly PipelineRow[]): PipelineSummary[] {
  const keys = rows.map((row) => row.key);
  const tags = tagsOfPipelines(context.db, keys);
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
      tags: tags.get(row.key) ?? {},
      format: version?.latest.format ?? "kfp",
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      latestVersion: version === undefined ? null : versionSummary(version.latest),
      versionCount: version?.count ?? 0,
      lastRun:
        lastRunId === null || lastRunState === null || lastRunAt === null
          ? null
          : { id: lastRunId, state: lastRunState, createdAt: lastRunAt.toISOString() },
      runCount: row.runCount,
    };
  });
}
