/** Runs as Kubeflow resources. */
import type { Reason } from "@/server/domain/reason";
import { isRunOver, type RunState } from "@/server/domain/states";
import type { TaskSummary } from "@/server/domain/views/tasks";
import type { RunRecord } from "@/server/services/kubeflow/query-runs";
import { compact, EPOCH, type JsonObject, timestamp } from "./json";
import { specJson } from "./resources";
import { RUN_STATE } from "./states";
import { runDetails } from "./task-json";

/** google.rpc codes of errors inside a resource. */
const UNKNOWN = 2;
const CANCELED = 1;

interface End {
  readonly state: RunState;
  readonly reason: Reason | null;
  readonly cancelRequestedBy: string | null;
}

function errorOf({ state, reason, cancelRequestedBy }: End): JsonObject | undefined {
  if (state === "canceled") return { code: CANCELED, message: `terminated by ${cancelRequestedBy ?? "the engine"}` };
  if (state !== "failed") return undefined;
  return { code: UNKNOWN, message: reason?.message ?? "The run failed." };
}

const entry = (at: Date | string, state: string, error?: JsonObject): JsonObject =>
  compact({ update_time: timestamp(at), state, error });

interface Span extends End {
  readonly begunAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** What one round has gone through; that it is canceling is no state of its history. */
function spanHistory({ begunAt, startedAt, finishedAt, ...end }: Span): JsonObject[] {
  const history = [entry(begunAt, "PENDING")];
  if (startedAt !== null) history.push(entry(startedAt > begunAt ? startedAt : begunAt, "RUNNING"));
  if (finishedAt !== null) history.push(entry(finishedAt, RUN_STATE[end.state], errorOf(end)));
  return history;
}

/** All rounds one after the other; each later one begins with its retry, also one that the engine has yet to begin. */
function historyOf(run: RunRecord): JsonObject[] {
  const rounds = [...run.rounds, run];
  const history = rounds.flatMap((round, at) =>
    spanHistory({ ...round, begunAt: run.rounds[at - 1]?.retriedAt ?? run.createdAt }),
  );
  return run.retryRequestedAt === null ? history : [...history, entry(run.retryRequestedAt, "PENDING")];
}

/** A terminate or a retry shows at once, as it does with Kubeflow, though the engine has yet to follow it. */
function stateOf(run: RunRecord): string {
  if (run.retryRequestedAt !== null) return "PENDING";
  return run.cancelRequestedAt !== null && !isRunOver(run.state) ? "CANCELING" : RUN_STATE[run.state];
}

function sourceOf(run: RunRecord): JsonObject {
  if (run.documents !== null) return compact({ pipeline_spec: specJson(run.documents) });
  const reference = { pipeline_id: run.pipelineId ?? undefined, pipeline_version_id: run.versionId ?? undefined };
  return { pipeline_version_reference: compact(reference) };
}

/** A run; its tasks only where one run is asked for. */
export function runJson(run: RunRecord, tasks: readonly TaskSummary[] = []): JsonObject {
  const isOver = run.retryRequestedAt === null;
  return compact({
    experiment_id: run.experimentId ?? undefined,
    run_id: run.id,
    display_name: run.name,
    storage_state: run.archivedAt === null ? "AVAILABLE" : "ARCHIVED",
    description: run.description,
    ...sourceOf(run),
    runtime_config: compact({ parameters: run.given, pipeline_root: run.pipelineRoot }),
    service_account: run.serviceAccount === "" ? "pipeline-runner" : run.serviceAccount,
    created_at: timestamp(run.createdAt),
    scheduled_at: timestamp(run.scheduledAt),
    finished_at: (isOver && timestamp(run.finishedAt)) || EPOCH,
    state: stateOf(run),
    error: isOver ? errorOf(run) : undefined,
    run_details: runDetails(run.id, tasks),
    recurring_run_id: run.recurringRunId ?? undefined,
    state_history: historyOf(run),
    plugins_input: run.plugins ?? undefined,
  });
}
