/** Versions as the start of a run needs them, kept in memory: thousands of runs of one version read it once. */
import { specOfVersion } from "@/db/queries/version-rows";
import { elyraNeeds, elyraNotApplied } from "@/pipelines/elyra/support";
import type { PipelineGraph, Problem } from "@/pipelines/graph";
import { type StartNeeds, startNeeds } from "@/pipelines/kfp/start-needs";
import { notApplied, runRefusals } from "@/pipelines/kfp/support";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";
import { refusal } from "./refusal";

type Notices = readonly { readonly code: string; readonly message: string; readonly step: string | null }[];

export interface Startable {
  readonly graph: PipelineGraph;
  /** Path of the pipeline text in its bundle. */
  readonly specFile: string;
  /** Why a run would be refused whatever its profile and parameters. */
  readonly refusals: readonly Problem[];
  /** What a run does without though the file asks for it, as notices of the run. */
  readonly notices: Notices;
  /** What has to be looked at anew for each run; null for most versions. */
  readonly needs: StartNeeds | null;
}

const KEPT = 64;
const kept = new WeakMap<Context["db"], Map<string, Startable>>();

/** Problems of the text that only bite when it is run. */
const bitesAtStart = ({ stage, severity }: Problem): boolean => stage === "run" && severity === "error";

function missingFiles(missing: readonly string[]): Problem[] {
  return missing.map((path) =>
    refusal(path, "missing-file", `The file ${path} is missing. Add it to this version, then start the run.`),
  );
}

/** Why a version cannot be started at all, from its graph, the problems of its text and its missing files. */
export function refusalsOf(graph: PipelineGraph, problems: readonly Problem[], missing: readonly string[]): Problem[] {
  return [...missingFiles(missing), ...problems.filter(bitesAtStart), ...runRefusals(graph)];
}

/** Remarks of a start as a run keeps them. */
export const asNotices = (problems: readonly Problem[]): Notices =>
  problems.map(({ rule, message, step }) => ({ code: rule, message, step: step ?? null }));

/** A version ready to be started or refused. Its digest tells a completed version from its past. */
export function startable(
  context: Pick<Context, "db">,
  version: { readonly key: number; readonly digest: string },
): Startable {
  const entries = kept.get(context.db) ?? new Map<string, Startable>();
  kept.set(context.db, entries);
  const name = `${version.key} ${version.digest}`;
  const known = entries.get(name);
  if (known !== undefined) return known;
  const spec = specOfVersion(context.db, version.key);
  if (spec === undefined) {
    throw new ProblemError("conflict", "What is stored of this version is damaged. Upload the pipeline again.");
  }
  const entry: Startable = {
    graph: spec.graph,
    specFile: spec.specFile,
    refusals: refusalsOf(spec.graph, spec.problems, spec.missing),
    notices: asNotices([...notApplied(spec.graph), ...elyraNotApplied(spec.graph)]),
    needs: startNeeds(spec.graph) ?? elyraNeeds(spec.graph),
  };
  entries.set(name, entry);
  const [oldest] = entries.keys();
  if (entries.size > KEPT && oldest !== undefined) entries.delete(oldest);
  return entry;
}
