/** The shapes of the command's JSON, which scripts rely on: cut out of the views, so that those may grow. */
import type { ArtifactView, RunSummary, RunView, TaskView, UploadView, ValuesView } from "@/server/domain/views";

function artifactShape({ id, name, type, path, size, digest, metadata }: ArtifactView) {
  return { id, name, type, path, size, digest, metadata };
}

function valuesShape({ parameters, artifacts }: ValuesView) {
  const named = Object.entries(artifacts).map(([name, list]) => [name, list.map(artifactShape)] as const);
  return { parameters, artifacts: Object.fromEntries(named) };
}

/** A run as `runs list` and a `submit` that does not wait print it. */
export function runShape(run: RunSummary) {
  const { id, name, state, reason, pipeline, version, experiment, profile, origin } = run;
  const { createdAt, startedAt, finishedAt, parameters } = run;
  return {
    id,
    name,
    state,
    reason,
    pipeline,
    version: { id: version.id, number: version.number },
    experiment,
    profile,
    origin,
    createdAt,
    startedAt,
    finishedAt,
    parameters,
  };
}

function taskShape(task: TaskView) {
  const { id, step, name, kind, state, reason, parent, iteration, createdAt, startedAt, finishedAt } = task;
  return {
    id,
    step,
    name,
    kind,
    state,
    reason,
    parent,
    iteration,
    createdAt,
    startedAt,
    finishedAt,
    inputs: valuesShape(task.inputs),
    outputs: valuesShape(task.outputs),
    attempts: task.attempts.map((attempt) => ({
      number: attempt.number,
      state: attempt.state,
      reason: attempt.reason,
      exitCode: attempt.exitCode,
      startedAt: attempt.startedAt,
      finishedAt: attempt.finishedAt,
    })),
  };
}

/** A run whole. */
export function wholeRunShape(run: RunView, tasks: readonly TaskView[]) {
  return {
    ...runShape(run),
    outputs: valuesShape(run.outputs),
    metrics: run.metrics.map(({ name, value, index }) => ({ name, value, index })),
    tasks: tasks.map(taskShape),
  };
}

/** What `submit` prints. */
export function submitShape(upload: UploadView, run: object | null) {
  const { id, number, state, missing } = upload.version;
  return { run, pipeline: upload.pipeline, version: { id, number, state, missing } };
}
