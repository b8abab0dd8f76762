/** Accepts a new run: checks what was asked for against its version, writes it with its inputs, announces it. */
import type { Db } from "@/db/client";
import { type KeyedRef, type NewRun, type StartVersion, startQueries } from "@/db/queries/run-start";
import type { JsonValue, ParameterSpec, Problem } from "@/pipelines/graph";
import { isId, newId } from "@/server/domain/ids";
import type { StartRunInput } from "@/server/domain/inputs";
import { checkParameters } from "@/server/domain/parameters";
import { ProblemError } from "@/server/domain/problem-error";
import type { RunOrigin, RunSummary } from "@/server/domain/views";
import type { Context } from "../context";
import { defaultExperiment } from "../defaults";
import { write } from "../grouped-writes";
import { getRunSummary } from "./get-run";
import { startable } from "./startable";

/** What the Kubeflow API may say beyond our own. */
export interface RunExtras {
  readonly id?: string | undefined;
  readonly origin?: RunOrigin | undefined;
  readonly serviceAccount?: string | undefined;
  readonly pipelineRoot?: string | undefined;
  readonly scheduledAt?: Date | undefined;
}

type Optional<T> = { readonly [key in keyof T]?: T[key] | undefined };

export type StartRunRequest = Pick<StartRunInput, "versionId"> & Optional<Omit<StartRunInput, "versionId">> & RunExtras;

/** `train 2026-11-21 10-15-00`, in UTC: what the Kubeflow SDK calls a run without a name. */
function defaultRunName(pipelineName: string, now: Date): string {
  const [day = "", time = ""] = now.toISOString().slice(0, 19).split("T");
  return `${pipelineName} ${day} ${time.replaceAll(":", "-")}`;
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  throw new ProblemError("refused", `${first?.message ?? "The run was refused."}${more}`, problems);
}

/** The parameters of a run with what was given and what it resolved to. Throws `invalid` with a problem per parameter. */
function resolveParameters(
  specs: readonly ParameterSpec[],
  input: { readonly [name: string]: JsonValue } | undefined,
): NewRun["parameters"] {
  const given = input === undefined ? null : new Map(Object.entries(input));
  const check = checkParameters(specs, given);
  if (!check.ok) {
    const problems = check.problems.map(
      ({ name, rule, message }): Problem => ({
        severity: "error",
        stage: "run",
        place: name === null ? "parameters" : `parameters.${name}`,
        rule: `parameter-${rule}`,
        message,
      }),
    );
    throw new ProblemError("invalid", problems.map((problem) => problem.message).join("; "), problems);
  }
  return [...check.values].map(([name, value]) => ({
    name,
    isGiven: given?.has(name) ?? false,
    raw: given?.get(name) ?? null,
    value,
  }));
}

function versionOf(context: Context, id: string): StartVersion {
  const version = startQueries(context.db).version(id);
  if (version === undefined) {
    throw new ProblemError("not-found", `Version ${id} not found. Choose a version of a pipeline that is still there.`);
  }
  return version;
}

function experimentOf(tx: Db, id: string | undefined, now: Date): KeyedRef {
  if (id === undefined) return startQueries(tx).defaultExperiment() ?? defaultExperiment(tx, now);
  const experiment = startQueries(tx).experiment(id);
  if (experiment === undefined) throw new ProblemError("not-found", `Experiment ${id} not found.`);
  return experiment;
}

function profileOf(tx: Db, name: string | undefined): string {
  const profile = startQueries(tx).profile(name);
  if (profile === undefined) throw new ProblemError("invalid", `There is no profile ${name ?? "by default"}.`);
  return profile;
}

function idOf(tx: Db, wanted: string | undefined): string {
  if (wanted === undefined) return newId();
  if (!isId(wanted)) {
    throw new ProblemError(
      "invalid",
      "A run id has 1 to 64 letters, digits, - and _, and begins with a letter or digit.",
    );
  }
  if (startQueries(tx).hasRun(wanted)) throw new ProblemError("conflict", `There is a run ${wanted} already.`);
  return wanted;
}

function sourceOf(tx: Db, id: string | undefined): KeyedRef | null {
  if (id === undefined) return null;
  const source = startQueries(tx).source(id);
  if (source === undefined) throw new ProblemError("not-found", `Run ${id}, which this one is cloned from, not found.`);
  return source;
}

interface Checked {
  readonly version: StartVersion;
  /** Name inside the specification. */
  readonly pipelineName: string;
  readonly parameters: NewRun["parameters"];
  readonly notices: NewRun["notices"];
}

/** Writes the run and says what lists show of it; the id alone when the idempotency key has made it before. */
function insert(tx: Db, now: Date, request: StartRunRequest, checked: Checked): RunSummary | { readonly made: string } {
  const queries = startQueries(tx);
  const { idempotencyKey } = request;
  const made = idempotencyKey === undefined ? undefined : queries.earlier(idempotencyKey);
  if (made !== undefined) return { made };
  const { version, pipelineName, parameters, notices } = checked;
  const experiment = experimentOf(tx, request.experimentId, now);
  const source = sourceOf(tx, request.clonedFrom);
  const shared = {
    id: idOf(tx, request.id),
    name: request.name ?? defaultRunName(version.pipelineTitle ?? pipelineName, now),
    description: request.description ?? "",
    pipelineName,
    profile: profileOf(tx, request.profile),
    origin: request.origin ?? (source === null ? "manual" : "clone"),
  };
  queries.insert({
    ...shared,
    versionKey: version.key,
    pipelineKey: version.pipelineKey,
    experimentKey: experiment.key,
    clonedFromKey: source?.key ?? null,
    cache: request.cache ?? "use",
    serviceAccount: request.serviceAccount ?? "",
    pipelineRoot: request.pipelineRoot ?? "",
    createdAtMs: now.getTime(),
    scheduledAtMs: (request.scheduledAt ?? now).getTime(),
    idempotencyKey: idempotencyKey ?? null,
    parameters,
    notices,
  });
  const { pipelineId, pipelineTitle } = version;
  return {
    ...shared,
    state: "pending",
    reason: null,
    pipeline: pipelineId === null ? null : { id: pipelineId, name: pipelineTitle ?? "" },
    version: { id: version.id, number: version.number },
    experiment: { id: experiment.id, name: experiment.name },
    clonedFrom: source === null ? null : { id: source.id, name: source.name },
    archivedAt: null,
    createdAt: now.toISOString(),
    startedAt: null,
    finishedAt: null,
    parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
    taskCounts: {},
  };
}

/**
 * Accepts a run; when this resolves, it is on disk. The same idempotency key gives the same run. Throws `not-found`,
 * `invalid` (parameters) or `refused` (Incomplete, or a construct that is not run here).
 */
export async function startRun(context: Context, request: StartRunRequest): Promise<RunSummary> {
  const version = versionOf(context, request.versionId);
  const { graph, refusals, notices } = startable(context, version);
  refuse(refusals);
  const parameters = resolveParameters(graph.parameters, request.parameters);
  const checked = { version, pipelineName: graph.name, parameters, notices };
  const run = await write(context.db, (tx) => insert(tx, context.now(), request, checked));
  return "made" in run ? getRunSummary(context, run.made) : run;
}
