/** Procedures about runs side by side. */
import {
  CompareArtifactsInput,
  CompareRunsInput,
  CompareSeriesInput,
  CompareVersionsInput,
  SetMetricGoalInput,
} from "@/server/domain/inputs/compare";
import { SetBaselineInput } from "@/server/domain/inputs/experiments";
import { compareArtifacts, compareSeries, compareVersions } from "@/server/services/compare/compare-details";
import { compareRuns } from "@/server/services/compare/compare-runs";
import { setBaseline, setMetricGoal } from "@/server/services/compare/set-goal";
import { protectedProcedure, router } from "../trpc";

export const compareRouter = router({
  runs: protectedProcedure.input(CompareRunsInput).query(({ ctx, input }) => compareRuns(ctx.services, input)),
  series: protectedProcedure.input(CompareSeriesInput).query(({ ctx, input }) => compareSeries(ctx.services, input)),
  artifacts: protectedProcedure
    .input(CompareArtifactsInput)
    .query(({ ctx, input }) => compareArtifacts(ctx.services, input)),
  versions: protectedProcedure
    .input(CompareVersionsInput)
    .query(({ ctx, input }) => compareVersions(ctx.services, input)),
  setGoal: protectedProcedure
    .input(SetMetricGoalInput)
    .mutation(({ ctx, input }) => setMetricGoal(ctx.services, input)),
  setBaseline: protectedProcedure
    .input(SetBaselineInput)
    .mutation(({ ctx, input }) => setBaseline(ctx.services, input)),
});
