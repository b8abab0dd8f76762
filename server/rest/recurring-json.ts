/** Recurring runs as Kubeflow resources. */
import type { RecurringRunRecord } from "@/server/services/kubeflow/query-recurring-runs";
import { compact, type JsonObject, timestamp } from "./json";
import { triggerJson } from "./recurring-triggers";
import { specJson } from "./resources";

/** Kubeflow tells where its schedules are deployed, though not where anything else is. */
const NAMESPACE = "kubeflow";
/** The google.rpc code of errors inside a resource. */
const UNKNOWN = 2;

function sourceJson({ documents, pipelineId, versionId }: RecurringRunRecord): JsonObject {
  if (documents !== null) return compact({ pipeline_spec: specJson(documents) });
  const ids = { pipeline_id: pipelineId ?? undefined, pipeline_version_id: versionId ?? undefined };
  return { pipeline_version_reference: compact(ids) };
}

/** A recurring run; its trigger is there even when it is empty. */
export function recurringJson(record: RecurringRunRecord): JsonObject {
  const { row, trigger } = record;
  const { startAt, endAt } = row;
  return {
    ...compact({
      recurring_run_id: row.id,
      display_name: row.name,
      description: row.description,
      ...sourceJson(record),
      runtime_config: compact({ parameters: row.parameters, pipeline_root: row.pipelineRoot }),
      service_account: row.serviceAccount === "" ? "pipeline-runner" : row.serviceAccount,
      max_concurrency: String(row.maxConcurrency),
      mode: row.isEnabled ? "ENABLE" : "DISABLE",
      status: row.isEnabled ? "ENABLED" : "DISABLED",
      created_at: timestamp(row.createdAt),
      updated_at: timestamp(row.updatedAt),
      error: row.disabledReason === null ? undefined : { code: UNKNOWN, message: row.disabledReason },
      no_catchup: row.catchUp !== "all",
      namespace: NAMESPACE,
      experiment_id: record.experimentId ?? undefined,
      plugins_input: row.pluginsInput,
    }),
    trigger: triggerJson({ trigger, startAt, endAt }),
  };
}
