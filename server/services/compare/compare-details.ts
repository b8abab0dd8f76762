/** What a comparison shows of one row: a metric over its index, the artifacts under a name, two versions of a pipeline. */
import { seriesAtStep } from "@/db/queries/compare-metrics";
import { artifactsAtStep } from "@/db/queries/compare-rows";
import { specOfVersion } from "@/db/queries/version-rows";
import { diffGraphs } from "@/server/domain/compare/graph-diff";
import type { CompareArtifactsInput, CompareSeriesInput, CompareVersionsInput } from "@/server/domain/inputs/compare";
import { ProblemError } from "@/server/domain/problem-error";
import type { ComparedArtifacts, ComparedSeries, GraphDiff } from "@/server/domain/views/compare";
import type { Context } from "../context";
import { versionRow } from "../pipelines/get-version";
import { comparedRows } from "./compare-runs";

/** More of one name in one run are a list of their own, not a comparison. */
const MOST_OF_ONE_NAME = 12;

/** A metric of these runs over its index, thinned out where it is long; runs that are not there are left out. */
export function compareSeries(context: Context, { runs, name, step }: CompareSeriesInput): readonly ComparedSeries[] {
  return comparedRows(context, runs).map(({ id, key }) => {
    const { isThinned, points } = seriesAtStep(context.db, key, name, step) ?? { isThinned: false, points: [] };
    return { run: id, isThinned, points };
  });
}

/** What these runs left under a name at a step, the first few of each; runs that are not there are left out. */
export function compareArtifacts(context: Context, input: CompareArtifactsInput): readonly ComparedArtifacts[] {
  const rows = comparedRows(context, input.runs);
  const keys = rows.map((row) => row.key);
  const found = keys.length === 0 ? [] : artifactsAtStep(context.db, keys, input.step, input.name, MOST_OF_ONE_NAME);
  return rows.map(({ id, key }) => ({
    run: id,
    artifacts: found
      .filter(({ runKey }) => runKey === key)
      .map(({ view }) => ({ ...view, metadata: view.metadata ?? {} })),
  }));
}

/** How the graph of one version differs from another's. Throws `not-found`. */
export function compareVersions(context: Context, { from, to }: CompareVersionsInput): GraphDiff {
  const [before, after] = [from, to].map((id) => {
    const spec = specOfVersion(context.db, versionRow(context, id, { deleted: true }).key);
    if (spec === undefined) throw new ProblemError("conflict", `What is stored of version ${id} is damaged.`);
    return spec.graph;
  });
  if (before === undefined || after === undefined) throw new Error("two ids make two graphs");
  return diffGraphs(before, after);
}
