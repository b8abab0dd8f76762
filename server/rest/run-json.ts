/** Runs and their tasks as Kubeflow resources. */
import type { TaskSummary } from "@/server/domain/views";
import type { RunRecord } from "@/server/services/kubeflow/query-runs";
import { compact, EPOCH, type JsonObject, timestamp } from "./json";
import { specJson } from "./resources";
import { RUN_STATE, TASK_STATE } from "./states";

/** google.rpc codes of errors inside a resource. */
const UNKNOWN = 2;
const CANCELED = 1;

function errorOf(run: RunRecord): JsonObject | undefined {
  if (run.state === "canceled") {
    return { code: CANCELED, message: `terminated by ${run.cancelRequestedBy ?? "the engine"}` };
  }
  if (run.state !== "failed") return undefined;
  return { code: UNKNOWN, message: run.reason?.message ?? "The run failed." };
}

function historyOf(run: RunRecord): JsonObject[] {
  const history = [compact({ update_time: timestamp(run.createdAt), state: "PENDING" })];
  if (run.startedAt !== null) history.push(compact({ update_time: timestamp(run.startedAt), state: "RUNNING" }));
  if (run.finishedAt !== null) {
    const end = { update_time: timestamp(run.finishedAt), state: RUN_STATE[run.state], error: errorOf(run) };
    history.push(compact(end));
  }
  return history;
}

function taskJson(run: RunRecord, task: TaskSummary, children: readonly TaskSummary[]): JsonObject {
  const error = task.state === "failed" && task.reason !== null ? { code: UNKNOWN, message: task.reason.message } : {};
  return compact({
    run_id: run.id,
    task_id: String(task.id),
    display_name: task.name,
    create_time: timestamp(task.createdAt),
    start_time: timestamp(task.startedAt),
    end_time: timestamp(task.finishedAt),
    state: TASK_STATE[task.state],
    execution_id: String(task.id),
    error,
    parent_task_id: task.parent === null ? undefined : String(task.parent),
    child_tasks: children.map((child) => ({ task_id: String(child.id) })),
  });
}

function detailsOf(run: RunRecord, tasks: readonly TaskSummary[]): JsonObject {
  const children = new Map<number, TaskSummary[]>();
  for (const task of tasks) {
    if (task.parent === null) continue;
    const siblings = children.get(task.parent);
    if (siblings === undefined) children.set(task.parent, [task]);
    else siblings.push(task);
  }
  return compact({ task_details: tasks.map((task) => taskJson(run, task, children.get(task.id) ?? [])) });
}

/** A run; its tasks only where one run is asked for. */
export function runJson(run: RunRecord, tasks: readonly TaskSummary[] = []): JsonObject {
  const source =
    run.documents === null
      ? {
          pipeline_version_reference: compact({
            pipeline_id: run.pipelineId ?? undefined,
            pipeline_version_id: run.versionId ?? undefined,
          }),
        }
      : { pipeline_spec: specJson(run.documents) };
  return compact({
    experiment_id: run.experimentId ?? undefined,
    run_id: run.id,
    display_name: run.name,
    storage_state: run.archivedAt === null ? "AVAILABLE" : "ARCHIVED",
    description: run.description,
    ...source,
    runtime_config: compact({ parameters: run.given, pipeline_root: run.pipelineRoot }),
    service_account: run.serviceAccount === "" ? "pipeline-runner" : run.serviceAccount,
    created_at: timestamp(run.createdAt),
    scheduled_at: timestamp(run.scheduledAt),
    finished_at: timestamp(run.finishedAt) ?? EPOCH,
    state: RUN_STATE[run.state],
    error: errorOf(run),
    run_details: detailsOf(run, tasks),
    recurring_run_id: run.recurringRunId ?? undefined,
    state_history: historyOf(run),
  });
}
