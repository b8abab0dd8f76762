/** Another round of a run, and other runs of the same: `retry`, `rerun` and `runs clone`. */
import { randomUUID } from "node:crypto";
import type { RunView } from "@/server/domain/views/runs";
import type { Connection } from "./connection";
import { refused } from "./exit";
import { followRun } from "./follow-run";
import { readParameters } from "./parameters";
import { readPriority } from "./priority";
import { idOf } from "./references";
import { retryRuns } from "./run-verbs";
import type { Session } from "./session";
import { printPlan, stepOf } from "./steps";
import { versionOf } from "./versions";

interface RetryOptions {
  readonly plan?: boolean;
  readonly wait?: boolean;
}

/** Runs again what failed; one run can be planned and waited for. */
export async function retry(session: Session, given: string[], options: RetryOptions): Promise<number> {
  const [only = ""] = given;
  if (!options.plan && !options.wait) return retryRuns(session, given);
  if (given.length > 1) throw refused("Give one run beside --plan or --wait.");
  const { output } = session;
  const connection = session.connect();
  const id = await idOf(connection, "run", only);
  if (options.plan) return printPlan(output, await connection.api.runs.planRetry.query({ id }));
  const run = await connection.api.runs.retry.mutate({ id });
  return followRun(connection, output, run, { wait: true, words: "", shape: (json) => json });
}

interface NewRunOptions extends RetryOptions {
  readonly name?: string;
  readonly experiment?: string;
  readonly profile?: string;
  readonly priority?: string;
  readonly stopOnFailure?: boolean;
}

interface RerunOptions extends NewRunOptions {
  readonly from?: string;
  readonly upTo?: string;
}

type Asked = Parameters<Connection["api"]["runs"]["preview"]["query"]>[0];

/** What a new run takes over from another one. */
function takenFrom(source: RunView) {
  const given = Object.entries(source.parameters).filter(([, value]) => value !== null);
  return {
    versionId: source.version.id,
    parameters: Object.fromEntries(given),
    profile: source.profile,
    priority: source.priority,
    cache: source.cache,
    cacheOff: [...source.cacheOff],
  };
}

/** Starts a run like another one, or says what it would do. */
async function startLike(
  { output }: Session,
  connection: Connection,
  source: RunView,
  asked: Asked,
  options: NewRunOptions,
): Promise<number> {
  const { api } = connection;
  const { profile, priority, experiment, name, stopOnFailure, wait = false } = options;
  const whole = {
    ...asked,
    ...(profile !== undefined && { profile }),
    ...(priority !== undefined && { priority: readPriority(priority) }),
  };
  if (options.plan) return printPlan(output, await api.runs.preview.query(whole));
  const run = await api.runs.create.mutate({
    ...whole,
    clonedFrom: source.id,
    experimentId: experiment === undefined ? source.experiment.id : await idOf(connection, "experiment", experiment),
    stopsOnFailure: stopOnFailure ?? source.stopsOnFailure,
    idempotencyKey: randomUUID(),
    ...(name !== undefined && { name }),
  });
  return followRun(connection, output, run, { wait, words: `${run.name} is accepted.`, shape: (json) => json });
}

async function sourceOf(connection: Connection, given: string): Promise<RunView> {
  return connection.api.runs.get.query({ id: await idOf(connection, "run", given) });
}

/** Starts a new run with the inputs of another one, whole or in part. */
export async function rerun(session: Session, given: string, options: RerunOptions): Promise<number> {
  const connection = session.connect();
  const source = await sourceOf(connection, given);
  const from = await stepOf(connection, source.version.id, options.from);
  const upTo = await stepOf(connection, source.version.id, options.upTo);
  const extent = { ...(from !== null && { from: { runId: source.id, step: from } }), ...(upTo !== null && { upTo }) };
  return startLike(session, connection, source, { ...takenFrom(source), ...extent }, options);
}

interface CloneOptions extends NewRunOptions {
  readonly param?: readonly string[];
  readonly version?: string;
  /** False: reuse no earlier result. */
  readonly cache?: boolean;
}

/** Starts a new run with the inputs of another one, with other parameters or of another version where asked. */
export async function cloneRun(session: Session, given: string, options: CloneOptions): Promise<number> {
  const connection = session.connect();
  const source = await sourceOf(connection, given);
  if (options.version !== undefined && source.pipeline === null)
    throw refused(`${source.name} belongs to no pipeline, so there are no other versions.`);
  const version =
    options.version === undefined || source.pipeline === null
      ? await connection.api.pipelines.versionById.query({ versionId: source.version.id })
      : await versionOf(connection, source.pipeline.id, options.version);
  const { parameters: specs } = version.graph;
  const taken = takenFrom(source);
  const isKnown = (name: string): boolean => specs.some((spec) => spec.name === name);
  const left = Object.keys(taken.parameters).filter((name) => !isKnown(name));
  if (left.length > 0) session.output.note(`Version ${version.number} does not know ${left.join(", ")}: left out.`);
  const kept = Object.entries(taken.parameters).filter(([name]) => isKnown(name));
  const parameters = { ...Object.fromEntries(kept), ...readParameters(specs, options.param ?? []) };
  const isSame = version.id === source.version.id;
  const asked: Asked = {
    ...taken,
    versionId: version.id,
    parameters,
    cacheOff: isSame ? taken.cacheOff : [],
    ...(options.cache === false && { cache: "ignore" as const }),
  };
  return startLike(session, connection, source, asked, options);
}
