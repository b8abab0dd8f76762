/** Pipelines, versions and experiments as Kubeflow resources. */
import type { JsonValue } from "@/pipelines/graph";
import type { queryExperiments } from "@/server/services/kubeflow/query-experiments";
import type { PipelineRecord, VersionRecord } from "@/server/services/kubeflow/query-pipelines";
import { compact, EPOCH, hasFields, type JsonObject, timestamp } from "./json";

type ExperimentRecord = ReturnType<typeof queryExperiments>["records"][number];

export function pipelineJson(record: PipelineRecord): JsonObject {
  return compact({
    pipeline_id: record.id,
    name: record.name,
    display_name: record.displayName,
    description: record.description,
    created_at: timestamp(record.createdAt),
    tags: record.tags,
  });
}

/** The spec alone, or spec and platform document together; what an inline run was wrapped in is taken off. */
export function specJson(documents: readonly JsonValue[]): JsonObject | undefined {
  const objects = documents.filter(hasFields);
  const platform = objects.find((document) => hasFields(document.platforms));
  const spec = objects.find((document) => document !== platform);
  if (spec === undefined) return undefined;
  const inner = spec.pipeline_spec ?? spec.pipelineSpec;
  if (platform === undefined && hasFields(inner)) return inner;
  return platform === undefined ? spec : { pipeline_spec: spec, platform_spec: platform };
}

export function versionJson(record: VersionRecord): JsonObject {
  return compact({
    pipeline_id: record.pipelineId,
    pipeline_version_id: record.id,
    name: record.name,
    display_name: record.displayName,
    description: record.description,
    created_at: timestamp(record.createdAt),
    code_source_url: record.codeSourceUrl,
    tags: record.tags,
    pipeline_spec: specJson(record.documents),
  });
}

export function experimentJson(record: ExperimentRecord): JsonObject {
  return compact({
    experiment_id: record.id,
    display_name: record.name,
    description: record.description,
    created_at: timestamp(record.createdAt),
    storage_state: record.archivedAt === null ? "AVAILABLE" : "ARCHIVED",
    last_run_created_at: timestamp(record.lastRunAt) ?? EPOCH,
  });
}
