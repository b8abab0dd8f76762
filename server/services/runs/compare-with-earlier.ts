/** Says what the earlier runs of its pipeline tell of a run: what is different since the last good one, and how long things take. */
import { parametersOfRuns } from "@/db/queries/run-rows";
import { runsBefore, runTimes, stepTimes } from "@/db/queries/runs-before";
import { median, runDifferences } from "@/server/domain/run-differences";
import type { EarlierRunsView } from "@/server/domain/views/earlier-runs";
import type { Context } from "../context";
import { runRow } from "./get-run";

/** Middle durations by step. */
function middles(times: readonly { readonly path: string; readonly ms: number }[]): { [step: string]: number } {
  const bySteps = new Map<string, number[]>();
  for (const { path, ms } of times) bySteps.set(path, [...(bySteps.get(path) ?? []), ms]);
  return Object.fromEntries([...bySteps].map(([path, all]) => [path, median(all) ?? 0]));
}

/** Looks at the runs of the same pipeline that were made before this one. Throws `not-found`. */
export function compareWithEarlier(context: Context, id: string): EarlierRunsView {
  const { db } = context;
  const own = runRow(context, id);
  const before = runsBefore(db, own.key);
  const goodAt = before.findIndex(({ state }) => state === "succeeded");
  const good = before[goodAt];
  const goodKeys = before.filter(({ state }) => state === "succeeded").map(({ key }) => key);
  const parameters = parametersOfRuns(db, good === undefined ? [own.key] : [own.key, good.key]);
  const asked = (row: { readonly key: number; readonly profile: string }, version: number) => ({
    version,
    profile: row.profile,
    parameters: parameters.get(row.key) ?? {},
  });
  return {
    lastGood:
      good === undefined
        ? null
        : {
            run: { id: good.id, name: good.name },
            differences: runDifferences(asked(good, good.version), asked(own, own.versionNumber ?? 0)),
          },
    failedBefore: goodAt < 0 ? before.length : goodAt,
    expectedMs: median(runTimes(db, goodKeys)),
    expectedStepMs: middles(stepTimes(db, goodKeys)),
  };
}
