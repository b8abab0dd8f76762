/** Checks which part of a graph a new run is asked to execute, and what it inherits of the run that it continues. */
import { type EarlierRun, inputsOfRun } from "@/db/queries/earlier-runs";
import type { NewRun } from "@/db/queries/run-start";
import type { JsonValue, PipelineGraph, Problem } from "@/pipelines/graph";
import type { StartRunInput } from "@/server/domain/inputs/runs";
import { ProblemError } from "@/server/domain/problem-error";
import type { RunExtent } from "@/server/domain/views/runs";
import type { Context } from "../context";
import { bothEnds, planFrom, planUpTo } from "./plan-extent";
import { earlierRun } from "./plan-retry";
import { refusal } from "./refusal";

interface Asked {
  readonly upTo?: StartRunInput["upTo"] | undefined;
  readonly from?: StartRunInput["from"] | undefined;
  readonly parameters?: StartRunInput["parameters"] | undefined;
}

/** What a run that begins at a step has from the one it continues. */
export interface Continued {
  readonly run: EarlierRun;
  readonly parameters: NewRun["parameters"];
  readonly notices: NewRun["notices"];
}

export interface CheckedExtent {
  readonly extent: RunExtent;
  readonly continued: Continued | null;
}

function refuse(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  throw new ProblemError("refused", `${first.message}${more}`, problems);
}

const sameJson = (a: JsonValue, b: JsonValue): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The inputs of the earlier run: its results were made from them, so they cannot be others now. */
function inheritedParameters(context: Context, run: EarlierRun, given: Asked["parameters"]): NewRun["parameters"] {
  const inherited = inputsOfRun(context.db, run.key);
  const byName = new Map(inherited.map((one) => [one.name, one]));
  const problems = Object.entries(given ?? {}).flatMap(([name, value]): Problem[] => {
    const had = byName.get(name);
    if (had !== undefined && (sameJson(value, had.value) || sameJson(value, had.raw))) return [];
    const message = `Parameter "${name}" is not what run "${run.name}" had, whose results are taken over. Leave it out, or start a new run.`;
    return [refusal(`parameters.${name}`, "parameter-differs", message)];
  });
  refuse(problems);
  return inherited;
}

function continuedNotices(run: EarlierRun): NewRun["notices"] {
  if (run.format !== "elyra" || run.fileMode !== "shared") return [];
  const message = `Steps pass files to each other undeclared, so this run goes on with the files that run "${run.name}" left.`;
  return [{ code: "continues-workspace", message, step: null }];
}

/**
 * Checks the extent of a run of this version. Throws `not-found`, `invalid` when both ends are given, or `refused` with
 * what stands in the way.
 */
export async function checkExtent(
  context: Context,
  graph: PipelineGraph,
  versionKey: number,
  { upTo, from, parameters }: Asked,
): Promise<CheckedExtent> {
  if (upTo !== undefined && from !== undefined) throw bothEnds();
  if (upTo !== undefined) {
    refuse(planUpTo(graph, upTo).refusals);
    return { extent: { kind: "up-to", step: upTo }, continued: null };
  }
  if (from === undefined) return { extent: { kind: "all" }, continued: null };
  const run = earlierRun(context, from.runId);
  const { refusals } = await planFrom(context, graph, versionKey, run, from.step);
  refuse(refusals);
  return {
    extent: { kind: "from", step: from.step, runId: run.id },
    continued: { run, parameters: inheritedParameters(context, run, parameters), notices: continuedNotices(run) },
  };
}
