/** Accepts a new run: checks what was asked for against its version, writes it with its inputs, announces it. */
import type { Db } from "@/db/client";
import type { EarlierRun } from "@/db/queries/earlier-runs";
import { type NewRun, type StartProfile, type StartVersion, startQueries } from "@/db/queries/run-start";
import { replaceRunTags } from "@/db/queries/run-tags";
import type { JsonValue, ParameterSpec, Problem } from "@/pipelines/graph";
import type { StartRunInput } from "@/server/domain/inputs/runs";
import { expandParameters, type MacroFacts } from "@/server/domain/macros/macros";
import { checkParameters } from "@/server/domain/parameters";
import { ProblemError } from "@/server/domain/problem-error";
import type { ProfileSettings } from "@/server/domain/profile";
import type { Reason } from "@/server/domain/reason";
import type { FileMode, RunExtent, RunOrigin, RunSummary } from "@/server/domain/views/runs";
import type { Context } from "../context";
import { write } from "../grouped-writes";
import { madeBefore, noteMade, type RequestKey, requestKey } from "../idempotency";
import { type CheckedExtent, checkExtent } from "./check-extent";
import { getRunSummary } from "./get-run";
import { refusal } from "./refusal";
import { doneWithout, judgeStart } from "./start-judgement";
import { experimentOf, free, idOf, profileOf, sourceOf, versionOf } from "./start-references";
import { asNotices, type Startable, startable } from "./startable";
import { withinExtent } from "./within-extent";

/** What the Kubeflow API may say beyond our own. */
export interface RunExtras {
  readonly id?: string | undefined;
  readonly origin?: RunOrigin | undefined;
  readonly serviceAccount?: string | undefined;
  readonly pipelineRoot?: string | undefined;
  readonly scheduledAt?: Date | undefined;
  readonly isArchived?: boolean | undefined;
  readonly plugins?: NewRun["plugins"] | undefined;
  /** Stands for the request as it was sent, where `idempotencyKey` would stand for what was made of it. */
  readonly requestKey?: RequestKey | undefined;
  readonly recurring?: RecurringOrigin | undefined;
}

/** What a run is told that its recurring run makes. */
export interface RecurringOrigin {
  readonly key: number;
  /** Counts its runs from 1; absent for one that no slot asked for. */
  readonly index?: number | undefined;
  /** Why it is kept back for now; null where there is room. */
  readonly heldFor: Reason | null;
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

/**
 * The parameters of a run with what was given and what it resolved to once its macros are filled in. Throws `invalid`
 * with a problem per parameter.
 */
export function resolveParameters(
  specs: readonly ParameterSpec[],
  input: { readonly [name: string]: JsonValue } | undefined,
  facts: MacroFacts,
): NewRun["parameters"] {
  const given = new Map(Object.entries(input ?? {}));
  const expanded = input === undefined ? null : new Map(Object.entries(expandParameters(input, facts)));
  const check = checkParameters(specs, expanded);
  if (!check.ok) {
    const problems = check.problems.map(
      ({ name, rule, message }): Problem =>
        refusal(name === null ? "parameters" : `parameters.${name}`, `parameter-${rule}`, message),
    );
    throw new ProblemError("invalid", problems.map((problem) => problem.message).join("; "), problems);
  }
  return [...check.values].map(([name, value]) => ({
    name,
    isGiven: given.has(name),
    raw: given.get(name) ?? null,
    value,
  }));
}

/** What a request leaves open, as in the run that it continues. */
function inheriting(request: StartRunRequest, run: EarlierRun): StartRunRequest {
  return {
    ...request,
    clonedFrom: run.id,
    experimentId: request.experimentId ?? run.experimentId,
    profile: request.profile ?? run.profile,
    priority: request.priority ?? run.priority,
    stopsOnFailure: request.stopsOnFailure ?? run.stopsOnFailure,
    cache: request.cache ?? run.cache,
    cacheOff: request.cacheOff ?? [...run.cacheOff],
  };
}

interface Checked {
  readonly id: string;
  readonly version: StartVersion;
  /** Name inside the specification. */
  readonly pipelineName: string;
  readonly parameters: NewRun["parameters"];
  readonly notices: NewRun["notices"];
  readonly needs: Startable["needs"];
  readonly concerns: ReturnType<typeof withinExtent>;
  readonly extent: RunExtent;
  readonly fileMode: FileMode;
}

/** What the run will do without. Throws `refused` where something it needs is not to be had under this profile. */
function noticesUnder(tx: Db, { settings }: StartProfile, checked: Checked): NewRun["notices"] {
  const { needs, parameters, concerns } = checked;
  const profile: ProfileSettings = JSON.parse(settings);
  const notices = doneWithout(checked.notices, profile);
  if (needs === null) return notices;
  const given = Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
  const judgement = judgeStart(tx, needs, profile, given);
  refuse(judgement.refusals.filter(concerns));
  return [...notices, ...asNotices(judgement.notices.filter(concerns))];
}

interface Inserted {
  readonly key: number;
  readonly run: RunSummary;
}

/** Writes the run and says what lists show of it; the id alone when the idempotency key has made it before. */
function insert(tx: Db, now: Date, request: StartRunRequest, checked: Checked): Inserted | { readonly made: string } {
  const queries = startQueries(tx);
  const made = madeBefore(tx, "run", request.requestKey);
  if (made !== undefined) return { made };
  const { version, pipelineName, parameters } = checked;
  const experiment = experimentOf(tx, request.experimentId, now);
  const source = sourceOf(tx, request.clonedFrom);
  const profile = profileOf(tx, request.profile, version);
  const notices = noticesUnder(tx, profile, checked);
  const shared = {
    id: request.id === undefined ? checked.id : free(tx, checked.id),
    name: request.name ?? defaultRunName(version.pipelineTitle ?? pipelineName, now),
    description: request.description ?? "",
    pipelineName,
    profile: profile.name,
    priority: request.priority ?? 0,
    origin: request.origin ?? (source === null ? "manual" : "clone"),
    extent: checked.extent,
  };
  const heldFor = request.recurring?.heldFor ?? null;
  const key = queries.insert({
    ...shared,
    versionKey: version.key,
    pipelineKey: version.pipelineKey,
    experimentKey: experiment.key,
    clonedFromKey: source?.key ?? null,
    profileSettings: profile.settings,
    fileMode: checked.fileMode,
    stopsOnFailure: request.stopsOnFailure ?? false,
    cache: request.cache ?? version.pipelineCache ?? "use",
    cacheOff: request.cacheOff ?? [],
    serviceAccount: request.serviceAccount ?? "",
    pipelineRoot: request.pipelineRoot ?? "",
    createdAtMs: now.getTime(),
    scheduledAtMs: (request.scheduledAt ?? now).getTime(),
    isArchived: request.isArchived ?? false,
    plugins: request.plugins ?? null,
    recurringRunKey: request.recurring?.key ?? null,
    heldFor,
    parameters,
    notices,
  });
  if (request.tags !== undefined) replaceRunTags(tx, key, request.tags);
  noteMade(tx, "run", request.requestKey, shared.id, now);
  const { pipelineId, pipelineTitle } = version;
  const run: RunSummary = {
    ...shared,
    state: "pending",
    reason: heldFor,
    pipeline: pipelineId === null ? null : { id: pipelineId, name: pipelineTitle ?? "" },
    version: { id: version.id, number: version.number },
    experiment: { id: experiment.id, name: experiment.name },
    clonedFrom: source === null ? null : { id: source.id, name: source.name },
    archivedAt: request.isArchived ? now.toISOString() : null,
    createdAt: now.toISOString(),
    startedAt: null,
    finishedAt: null,
    parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
    taskCounts: {},
  };
  return { key, run };
}

/** What a request comes to for this version. Throws `invalid` and `refused`. */
function check(
  context: Pick<Context, "db">,
  version: StartVersion,
  request: StartRunRequest,
  { extent, continued }: CheckedExtent,
  now: Date,
): Checked {
  const { graph, refusals, notices, needs } = startable(context, version);
  const concerns = withinExtent(graph, request.upTo);
  refuse(refusals.filter(concerns));
  const id = idOf(request);
  const facts = { runId: id, now, scheduledAt: request.scheduledAt, index: request.recurring?.index };
  return {
    id,
    version,
    pipelineName: graph.name,
    parameters: continued?.parameters ?? resolveParameters(graph.parameters, request.parameters, facts),
    notices: [...notices.filter(concerns), ...(continued?.notices ?? [])],
    needs,
    concerns,
    extent,
    fileMode: continued?.run.fileMode ?? version.fileMode ?? "shared",
  };
}

/** A request for a run of a whole version. */
export type WholeRunRequest = Omit<StartRunRequest, "upTo" | "from" | "idempotencyKey">;
const WHOLE: CheckedExtent = { extent: { kind: "all" }, continued: null };

/** Writes a run of a whole version inside the caller's transaction and returns its key and id. Throws as `startRun` does. */
export function startWithin(
  tx: Db,
  now: Date,
  request: WholeRunRequest,
): { readonly key: number; readonly id: string } {
  const made = insert(
    tx,
    now,
    request,
    check({ db: tx }, versionOf({ db: tx }, request.versionId), request, WHOLE, now),
  );
  if ("made" in made) throw new Error("a run without an idempotency key is made anew");
  return { key: made.key, id: made.run.id };
}

/** Throws what a start of a whole version would throw, and writes nothing. */
export function checkStart(db: Db, now: Date, request: WholeRunRequest): void {
  const checked = check({ db }, versionOf({ db }, request.versionId), request, WHOLE, now);
  noticesUnder(db, profileOf(db, request.profile, checked.version), checked);
}

/**
 * Accepts a run; when this resolves, it is on disk. The same idempotency key gives the same run. Throws `not-found`,
 * `invalid` (parameters) or `refused` (Incomplete, a construct that is not run here, or results that are not there).
 */
export async function startRun(context: Context, sent: StartRunRequest): Promise<RunSummary> {
  const { idempotencyKey, ...rest } = sent;
  const request = { ...rest, requestKey: sent.requestKey ?? requestKey(idempotencyKey, rest) };
  const version = versionOf(context, request.versionId);
  const { graph, refusals } = startable(context, version);
  refuse(refusals.filter(withinExtent(graph, request.upTo)));
  const part = await checkExtent(context, graph, version.key, request);
  const checked = check(context, version, request, part, context.now());
  const asked = part.continued === null ? request : inheriting(request, part.continued.run);
  const made = await write(context.db, (tx) => insert(tx, context.now(), asked, checked));
  return "made" in made ? getRunSummary(context, made.made) : made.run;
}
