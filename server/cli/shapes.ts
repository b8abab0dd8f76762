/** The shapes of the command's JSON, which scripts rely on: cut out of the views, so that those may grow. */

import type { ArtifactItemView, ArtifactView, ValuesView } from "@/server/domain/views/artifacts";
import type { ExperimentView } from "@/server/domain/views/experiments";
import type { PipelineSummary, UploadView, VersionSummary } from "@/server/domain/views/pipelines";
import type { RecurringRunView } from "@/server/domain/views/recurring-runs";
import type { RunPlanView } from "@/server/domain/views/run-plan";
import type { RunSummary, RunView } from "@/server/domain/views/runs";
import type { ProfileView, SecretView, VolumeView } from "@/server/domain/views/surroundings";
import type { TaskView } from "@/server/domain/views/tasks";

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

/** An artifact in a list, with who made it. */
export function artifactItemShape(item: ArtifactItemView) {
  const { createdAt, run, task } = item;
  return { ...artifactShape(item), createdAt, run, task };
}

/** A version of a pipeline. */
export function versionShape(version: VersionSummary) {
  const { id, number, name, description, state, format, createdAt, digest, stepCount, missing } = version;
  return { id, number, name, description, state, format, createdAt, digest, stepCount, missing };
}

/** A pipeline with its newest version. */
export function pipelineShape(pipeline: PipelineSummary) {
  const { id, name, description, tags, fileMode, cache, createdAt, updatedAt, runCount, lastRun } = pipeline;
  const { latestVersion } = pipeline;
  return {
    id,
    name,
    description,
    tags,
    fileMode,
    cache,
    createdAt,
    updatedAt,
    latestVersion: latestVersion === null ? null : versionShape(latestVersion),
    lastRun,
    runCount,
  };
}

/** An experiment and how many of its runs are in which state. */
export function experimentShape(experiment: ExperimentView) {
  const { id, name, description, isDefault, createdAt, archivedAt, lastRunAt, runCounts } = experiment;
  return { id, name, description, isDefault, createdAt, archivedAt, lastRunAt, runCounts };
}

/** What `submit` prints. */
export function submitShape(upload: UploadView, run: object | null) {
  const { id, number, state, missing } = upload.version;
  return { run, pipeline: upload.pipeline, version: { id, number, state, missing } };
}

/** A profile, as every command about profiles prints it. */
export function profileShape(profile: ProfileView) {
  const { name, isDefault, executor, python, graceMs, environment, capacity, imageMap } = profile;
  const { workingDirectory, runsWithoutMounts, limits, container, createdAt, updatedAt } = profile;
  return {
    name,
    isDefault,
    executor,
    python,
    graceMs,
    environment,
    capacity,
    imageMap,
    workingDirectory,
    runsWithoutMounts,
    limits,
    container,
    createdAt,
    updatedAt,
  };
}

/** A secret or config map; the values of a secret are null. */
export function secretShape({ name, isShown, description, keys, updatedAt }: SecretView) {
  const shown = keys.map((key) => ({ name: key.name, value: key.value, updatedAt: key.updatedAt }));
  return { name, isShown, description, keys: shown, updatedAt };
}

/** A volume. */
export function volumeShape({ name, description, path, isManaged, createdAt }: VolumeView) {
  return { name, description, path, isManaged, createdAt };
}

/** What `retry --plan` and `rerun --plan` print. */
export function planShape({ steps, refusals }: RunPlanView) {
  return {
    steps: steps.map(({ step, name, kind, does, why, source }) => ({ step, name, kind, does, why, source })),
    refusals: refusals.map(({ severity, place, rule, message }) => ({ severity, place, rule, message })),
  };
}

/** A recurring run, as every command about them prints it. */
export function recurringShape(one: RecurringRunView) {
  const { id, name, description, state, disabledReason, pipeline, version, experiment, trigger, timeZone } = one;
  const { startAt, endAt, nextAt, maxConcurrency, overlap, catchUp, parameters, profile, priority, cache } = one;
  const { tags, runCount, createdAt, updatedAt } = one;
  return {
    id,
    name,
    description,
    state,
    disabledReason,
    pipeline,
    version,
    experiment,
    trigger,
    timeZone,
    startAt,
    endAt,
    nextAt,
    maxConcurrency,
    overlap,
    catchUp,
    parameters,
    profile,
    priority,
    cache,
    tags,
    runCount,
    createdAt,
    updatedAt,
  };
}
