/** Snippets of everything that is done with runs, their logs and what they left. */
import type { JsonValue } from "@/pipelines/graph";
import { pythonLiteral, shellQuote } from "./quoting";
import { command, curl, flag, none, procedure, python, pythonEach, type Snippets } from "./snippet";

const RUNS = "/apis/v2beta1/runs";

export interface StartRunValues {
  readonly name: string;
  readonly pipelineId: string | null;
  readonly versionId: string;
  readonly experimentId: string | null;
  readonly experimentName: string | null;
  /** File that the version was read from, for the command. */
  readonly specFile: string;
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly description?: string | undefined;
  readonly profile?: string | undefined;
  readonly priority?: number | undefined;
  readonly cache?: "use" | "ignore" | undefined;
  readonly cacheOff?: readonly string[] | undefined;
  readonly stopsOnFailure?: boolean | undefined;
  readonly upTo?: string | undefined;
  readonly from?: { readonly runId: string; readonly step: string } | undefined;
  readonly clonedFrom?: string | undefined;
  readonly tags?: { readonly [name: string]: string } | undefined;
}

/** What the Kubeflow API has no words for. */
function ownOptions(values: StartRunValues): { readonly [name: string]: JsonValue } {
  const { profile, priority = 0, cache, cacheOff, stopsOnFailure, upTo, from, clonedFrom, tags = {} } = values;
  return {
    ...(profile !== undefined && { profile }),
    ...(priority !== 0 && { priority }),
    ...(cache !== undefined && { cache }),
    ...(cacheOff !== undefined && cacheOff.length > 0 && { cacheOff: [...cacheOff] }),
    ...(stopsOnFailure !== undefined && { stopsOnFailure }),
    ...(upTo !== undefined && { upTo }),
    ...(from !== undefined && { from: { ...from } }),
    ...(clonedFrom !== undefined && { clonedFrom }),
    ...(Object.keys(tags).length > 0 && { tags: { ...tags } }),
  };
}

/** A run tells a parameter that was left out as null; sent again, it has to be left out again. */
const given = (parameters: StartRunValues["parameters"]): { readonly [name: string]: JsonValue } =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== null));

function startCurl(origin: string, values: StartRunValues) {
  const { name, description, pipelineId, versionId, experimentId } = values;
  const parameters = given(values.parameters);
  const own = ownOptions(values);
  if (Object.keys(own).length > 0) {
    const rest = { ...(description && { description }), ...(experimentId !== null && { experimentId }) };
    return curl(origin, procedure("runs.create", { versionId, name, ...rest, parameters, ...own }));
  }
  const body = {
    display_name: name,
    ...(description && { description }),
    pipeline_version_reference: {
      ...(pipelineId !== null && { pipeline_id: pipelineId }),
      pipeline_version_id: versionId,
    },
    ...(experimentId !== null && { experiment_id: experimentId }),
    runtime_config: { parameters },
  };
  return curl(origin, { path: RUNS, body });
}

function startPython(origin: string, values: StartRunValues) {
  if (Object.keys(ownOptions(values)).length > 0) {
    return none(
      "kfp.Client can choose neither a profile nor a priority nor steps nor what is reused, and knows no tags; take curl or the command.",
    );
  }
  const { name, pipelineId, versionId, experimentId } = values;
  return python(
    origin,
    ...(experimentId === null ? ['experiment = client.create_experiment("Default")'] : []),
    "run = client.run_pipeline(",
    `    experiment_id=${experimentId === null ? "experiment.experiment_id" : pythonLiteral(experimentId)},`,
    `    job_name=${pythonLiteral(name)},`,
    ...(pipelineId === null ? [] : [`    pipeline_id=${pythonLiteral(pipelineId)},`]),
    `    version_id=${pythonLiteral(versionId)},`,
    `    params=${pythonLiteral(given(values.parameters))},`,
    ")",
    "client.wait_for_run_completion(run.run_id, timeout=3600)",
  );
}

/** A `--param` for each value: text as it is, the rest as JSON. */
export const paramFlags = (parameters: StartRunValues["parameters"]): readonly string[] =>
  Object.entries(parameters).map(
    ([name, value]) => `--param ${shellQuote(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)}`,
  );

function startCommand(values: StartRunValues) {
  const {
    specFile,
    parameters,
    name,
    experimentName,
    profile,
    priority = 0,
    cache,
    cacheOff = [],
    stopsOnFailure,
    upTo,
  } = values;
  const tags = Object.entries(values.tags ?? {});
  if (values.from !== undefined) {
    return none("The command re-runs from a step with the inputs of that run as they were; take curl to change them.");
  }
  return command(
    ["submit", specFile],
    ...paramFlags(given(parameters)),
    ...flag("--name", name),
    ...flag("--experiment", experimentName),
    ...flag("--profile", profile),
    ...flag("--priority", priority === 0 ? undefined : String(priority)),
    ...flag("--up-to", upTo),
    ...(stopsOnFailure ? ["--stop-on-failure"] : []),
    ...(cache === "ignore" ? ["--no-cache"] : []),
    ...cacheOff.flatMap((step) => flag("--run-again", step)),
    ...tags.flatMap(([name, value]) => flag("--tag", `${name}=${value}`)),
    "--wait",
  );
}

/** Starts a run of a version with everything that was chosen. */
export const startRun = (origin: string, values: StartRunValues): Snippets => ({
  curl: startCurl(origin, values),
  python: startPython(origin, values),
  command: startCommand(values),
});

export interface RunPartValues {
  readonly run: StartRunValues & { readonly id: string };
  readonly step: string;
}

const partOf = (origin: string, values: StartRunValues, ...flags: readonly string[]): Snippets => ({
  ...startRun(origin, values),
  command: command(["rerun", values.clonedFrom ?? ""], ...flags, ...flag("--name", values.name), "--wait"),
});

/** A new run of a step and what follows it, with the inputs of another run and what stands before taken over. */
export const rerunFromStep = (origin: string, { run: { id, ...run }, step }: RunPartValues): Snippets =>
  partOf(origin, { ...run, from: { runId: id, step }, clonedFrom: id }, ...flag("--from", step));

/** A new run of a step and what it needs, with the inputs of another run. */
export const runUpToStep = (origin: string, { run: { id, ...run }, step }: RunPartValues): Snippets =>
  partOf(origin, { ...run, upTo: step, clonedFrom: id }, ...flag("--up-to", step));

interface RunIds {
  readonly ids: readonly string[];
}

const requests = (ids: readonly string[], verb: string) => ids.map((id) => ({ path: `${RUNS}/${id}:${verb}` }));

/** Cancels pending runs, terminates running ones; `isHard` also leaves out the exit tasks. */
export const cancelRuns = (origin: string, { ids, isHard }: RunIds & { readonly isHard: boolean }): Snippets => ({
  curl: isHard
    ? curl(origin, ...ids.map((id) => procedure("runs.cancel", { id, hard: true })))
    : curl(origin, ...requests(ids, "terminate")),
  python: isHard
    ? none("kfp.Client cannot leave out the exit tasks; take curl or the command.")
    : python(origin, ...pythonEach(ids, "client.terminate_run")),
  command: command(["runs", "cancel", ...ids], ...(isHard ? ["--hard"] : [])),
});

/** Runs again what failed in runs, in place. */
export const retryRuns = (origin: string, { ids }: RunIds): Snippets => ({
  curl: curl(origin, ...requests(ids, "retry")),
  python: {
    text: [
      "import os",
      "import kfp_server_api",
      "",
      `configuration = kfp_server_api.Configuration(host=${pythonLiteral(origin)})`,
      'token = os.environ["PENSTOCK_TOKEN"]',
      'client = kfp_server_api.ApiClient(configuration, "Authorization", f"Bearer {token}")',
      "runs = kfp_server_api.RunServiceApi(client)",
      ...pythonEach(ids, "runs.run_service_retry_run"),
    ].join("\n"),
  },
  command: command(["runs", "retry", ...ids]),
});

export const archiveRuns = (origin: string, { ids }: RunIds): Snippets => ({
  curl: curl(origin, ...requests(ids, "archive")),
  python: python(origin, ...pythonEach(ids, "client.archive_run")),
  command: command(["runs", "archive", ...ids]),
});

export const restoreRuns = (origin: string, { ids }: RunIds): Snippets => ({
  curl: curl(origin, ...requests(ids, "unarchive")),
  python: python(origin, ...pythonEach(ids, "client.unarchive_run")),
  command: command(["runs", "restore", ...ids]),
});

/** Deletes archived runs for ever. */
export const deleteRuns = (origin: string, { ids }: RunIds): Snippets => ({
  curl: curl(origin, ...ids.map((id) => ({ method: "DELETE" as const, path: `${RUNS}/${id}` }))),
  python: python(origin, ...pythonEach(ids, "client.delete_run")),
  command: command(["runs", "delete", ...ids]),
});

/** Moves runs before everything else that waits under their profile. */
export const moveRunsToFront = (origin: string, { ids }: RunIds): Snippets => ({
  curl: curl(origin, procedure("runs.setPriority", { ids: [...ids], priority: "front" })),
  python: none("The Kubeflow API knows no priorities; take curl or the command."),
  command: command(["runs", "prioritize", ...ids], "--front"),
});

export const renameRun = (origin: string, { id, name }: { readonly id: string; readonly name: string }): Snippets => ({
  curl: curl(origin, procedure("runs.rename", { id, name })),
  python: none("The Kubeflow API gives a run its name when it is made, and no other later."),
  command: command(["runs", "rename", id, name]),
});

/** Fetches the log of an attempt into a file. */
export const downloadLog = (
  origin: string,
  of: { readonly runId: string; readonly step: string; readonly task: number; readonly attempt: number },
): Snippets => ({
  curl: curl(origin, {
    method: "GET",
    path: `/api/tasks/${of.task}/attempts/${of.attempt}/log`,
    more: [`-o ${shellQuote(`task-${of.task}-attempt-${of.attempt}.log`)}`],
  }),
  python: none("kfp.Client reads no logs; take curl or the command."),
  command: command(["logs", of.runId, of.step], `--attempt ${of.attempt}`),
});

/** Fetches an artifact into a file; a directory comes as one archive. */
export const downloadArtifact = (
  origin: string,
  { id, file }: { readonly id: number; readonly file: string },
): Snippets => ({
  curl: curl(origin, { method: "GET", path: `/api/artifacts/${id}/content`, more: [`-o ${shellQuote(file)}`] }),
  python: none("kfp.Client fetches no artifacts; take curl or the command."),
  command: command(["artifacts", "get", String(id)], ...flag("--output", file)),
});

export interface ReportedMetric {
  readonly name: string;
  readonly value: number;
  readonly index?: number;
}

/** Reports metrics of a run. */
export function reportMetrics(
  origin: string,
  { runId, metrics }: { readonly runId: string; readonly metrics: readonly ReportedMetric[] },
): Snippets {
  const path = `/api/runs/${runId}/metrics`;
  const body = { metrics: metrics.map((metric) => ({ ...metric })) };
  return {
    curl: curl(origin, { path, body }),
    python: {
      text: [
        "import json",
        "import os",
        "import urllib.request",
        "",
        "request = urllib.request.Request(",
        `    ${pythonLiteral(origin + path)},`,
        `    data=json.dumps(${pythonLiteral(body)}).encode(),`,
        '    headers={"Authorization": "Bearer " + os.environ["PENSTOCK_TOKEN"], "Content-Type": "application/json"},',
        ")",
        "urllib.request.urlopen(request).read()",
      ].join("\n"),
    },
    command: none("Metrics come from programs while they run; there is no command for them."),
  };
}
