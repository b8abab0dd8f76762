/** What the start of a run names: its version, experiment, profile, the run it is cloned from, and its own id. */
import type { Db } from "@/db/client";
import { type KeyedRef, type StartProfile, type StartVersion, startQueries } from "@/db/queries/run-start";
import { isId, newId } from "@/server/domain/ids";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";
import { defaultExperiment } from "../defaults";

/** A version that may be started. Throws `not-found`. */
export function versionOf(context: Pick<Context, "db">, id: string): StartVersion {
  const version = startQueries(context.db).version(id);
  if (version === undefined) {
    throw new ProblemError("not-found", `Version ${id} not found. Choose a version of a pipeline that is still there.`);
  }
  return version;
}

/** An experiment by its id, else the Default one. Throws `not-found`. */
export function experimentOf(tx: Db, id: string | undefined, now: Date): KeyedRef {
  if (id === undefined) return startQueries(tx).defaultExperiment() ?? defaultExperiment(tx, now);
  const experiment = startQueries(tx).experiment(id);
  if (experiment === undefined) throw new ProblemError("not-found", `Experiment ${id} not found.`);
  return experiment;
}

/** The key of an experiment that a run would go to; 0 for one that is not there yet. */
export function findExperimentKey(db: Db, id: string | undefined): number {
  const queries = startQueries(db);
  return (id === undefined ? queries.defaultExperiment() : queries.experiment(id))?.key ?? 0;
}

/** A profile by name, else the one of the pipeline, else the installation's default. Throws `invalid`. */
export function profileOf(
  tx: Db,
  name: string | undefined,
  { pipelineProfile }: Pick<StartVersion, "pipelineProfile"> = { pipelineProfile: null },
): StartProfile {
  const profile = startQueries(tx).profile(name ?? pipelineProfile ?? undefined);
  if (profile !== undefined) return profile;
  if (name === undefined && pipelineProfile !== null) {
    const message = `The profile of this pipeline, ${pipelineProfile}, is not there any more.`;
    throw new ProblemError("invalid", `${message} Choose one for this run, or another one for the pipeline.`);
  }
  const which = name === undefined ? "There is no default profile" : `There is no profile named ${name}`;
  throw new ProblemError("invalid", `${which}. Choose another one, or make it under Profiles.`);
}

/** The id of the run to be, before any of its parameters names it. Throws `invalid`. */
export function idOf({ id = newId() }: { readonly id?: string | undefined }): string {
  if (isId(id)) return id;
  throw new ProblemError(
    "invalid",
    "A run id has 1 to 64 letters, digits, - and _, and begins with a letter or digit.",
  );
}

/** The id if nobody has it. Throws `conflict`. */
export function free(tx: Db, id: string): string {
  if (startQueries(tx).hasRun(id)) throw new ProblemError("conflict", `There is a run ${id} already.`);
  return id;
}

/** The run that another is cloned from. Throws `not-found`. */
export function sourceOf(tx: Db, id: string | undefined): KeyedRef | null {
  if (id === undefined) return null;
  const source = startQueries(tx).source(id);
  if (source === undefined) throw new ProblemError("not-found", `Run ${id}, which this one is cloned from, not found.`);
  return source;
}
