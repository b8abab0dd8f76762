/** Tasks of a run as Kubeflow resources. */
import { listsByKey } from "@/server/domain/lists-by-key";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { compact, type JsonObject, timestamp } from "./json";
import { TASK_STATE } from "./states";

/** google.rpc code of an error inside a resource. */
const UNKNOWN = 2;

const errorOf = ({ state, reason }: TaskSummary): JsonObject | undefined =>
  state === "failed" && reason !== null ? { code: UNKNOWN, message: reason.message } : undefined;

function historyOf(task: TaskSummary): JsonObject[] {
  const { createdAt, startedAt, finishedAt, state } = task;
  const history = [{ update_time: createdAt, state: "PENDING" }];
  if (startedAt !== null) history.push({ update_time: startedAt, state: "RUNNING" });
  if (finishedAt === null) return history;
  return [...history, compact({ update_time: finishedAt, state: TASK_STATE[state], error: errorOf(task) })];
}

function taskJson(runId: string, task: TaskSummary, children: readonly TaskSummary[]): JsonObject {
  return compact({
    run_id: runId,
    task_id: String(task.id),
    display_name: task.name,
    create_time: timestamp(task.createdAt),
    start_time: timestamp(task.startedAt),
    end_time: timestamp(task.finishedAt),
    state: TASK_STATE[task.state],
    execution_id: String(task.id),
    error: errorOf(task),
    parent_task_id: task.parent === null ? undefined : String(task.parent),
    child_tasks: children.map((child) => ({ task_id: String(child.id) })),
    state_history: historyOf(task),
  });
}

/** The tasks of a run; absent until there are some. */
export function runDetails(runId: string, tasks: readonly TaskSummary[]): JsonObject {
  const children = listsByKey(tasks.flatMap((task) => (task.parent === null ? [] : [[task.parent, task] as const])));
  return compact({ task_details: tasks.map((task) => taskJson(runId, task, children.get(task.id) ?? [])) });
}
