/** Accepts a new run: checks what was asked for against its version, writes it with its inputs, announces it. */
import type { Db } from "@/db/client";
import { findExperiment } from "@/db/queries/experiment-rows";
import { findDefaultProfile, findProfile } from "@/db/queries/profiles";
import { findRunRow } from "@/db/queries/run-rows";
import { hasRun, insertRun, type NewRun, runIdByIdempotencyKey } from "@/db/queries/run-writes";
import { findVersion, pipelineOfVersion, type VersionRow } from "@/db/queries/version-rows";
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

export type StartRunRequest = Pick<StartRunInput, "versionId"> & Partial<StartRunInput> & RunExtras;

/** `train 2026-11-21 10-15-00`, in UTC: what the Kubeflow SDK calls a run without a name. */
export function defaultRunName(pipelineName: string, now: Date): string {
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

function versionOf(context: Context, id: string): VersionRow {
  const version = findVersion(context.db, id);
  if (version === undefined) {
    throw new ProblemError("not-found", `Version ${id} not found. Choose a version of a pipeline that is still there.`);
  }
  return version;
}

function experimentKey(tx: Db, id: string | undefined, now: Date): number {
  if (id === undefined) return defaultExperiment(tx, now).key;
  const experiment = findExperiment(tx, id);
  if (experiment === undefined) throw new ProblemError("not-found", `Experiment ${id} not found.`);
  return experiment.key;
}

function profileName(tx: Db, name: string | undefined): string {
  const profile = name === undefined ? findDefaultProfile(tx) : findProfile(tx, name);
  if (profile === undefined) throw new ProblemError("invalid", `There is no profile ${name ?? "by default"}.`);
  return profile.name;
}

function runId(tx: Db, wanted: string | undefined): string {
  if (wanted === undefined) return newId();
  if (!isId(wanted)) {
    throw new ProblemError(
      "invalid",
      "A run id has 1 to 64 letters, digits, - and _, and begins with a letter or digit.",
    );
  }
  if (hasRun(tx, wanted)) throw new ProblemError("conflict", `There is a run ${wanted} already.`);
  return wanted;
}

function sourceKey(tx: Db, id: string | undefined): number | null {
  if (id === undefined) return null;
  const source = findRunRow(tx, id);
  if (source === undefined) throw new ProblemError("not-found", `Run ${id}, which this one is cloned from, not found.`);
  return source.key;
}

/**
 * Accepts a run and returns its id; when this resolves, the run is on disk. The same idempotency key gives the same run.
 * Throws `not-found`, `invalid` (parameters) or `refused` (Incomplete, or a construct that is not run here).
 */
export async function acceptRun(context: Context, request: StartRunRequest): Promise<string> {
  const version = versionOf(context, request.versionId);
  const { graph, refusals, notApplied } = startable(context, version);
  refuse(refusals);
  const parameters = resolveParameters(graph.parameters, request.parameters);
  const now = context.now();
  const title = pipelineOfVersion(context.db, version.key)?.name ?? graph.name;
  return write(context.db, (tx) => {
    const { idempotencyKey } = request;
    const earlier = idempotencyKey === undefined ? undefined : runIdByIdempotencyKey(tx, idempotencyKey);
    if (earlier !== undefined) return earlier;
    const id = runId(tx, request.id);
    insertRun(tx, {
      id,
      name: request.name ?? defaultRunName(title, now),
      description: request.description ?? "",
      versionKey: version.key,
      pipelineKey: version.pipelineKey,
      pipelineName: graph.name,
      experimentKey: experimentKey(tx, request.experimentId, now),
      profile: profileName(tx, request.profile),
      origin: request.origin ?? (request.clonedFrom === undefined ? "manual" : "clone"),
      clonedFromKey: sourceKey(tx, request.clonedFrom),
      cache: request.cache ?? "use",
      serviceAccount: request.serviceAccount ?? "",
      pipelineRoot: request.pipelineRoot ?? "",
      createdAtMs: now.getTime(),
      scheduledAtMs: (request.scheduledAt ?? now).getTime(),
      idempotencyKey: idempotencyKey ?? null,
      parameters,
      notices: notApplied.map(({ rule, message, step }) => ({ code: rule, message, step: step ?? null })),
    });
    return id;
  });
}

/** Accepts a run and returns what lists show of it. */
export async function startRun(context: Context, request: StartRunRequest): Promise<RunSummary> {
  return getRunSummary(context, await acceptRun(context, request));
}
