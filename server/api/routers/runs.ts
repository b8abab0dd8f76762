/** Procedures about runs. */

import { SuggestInput } from "@/server/domain/inputs/lists";
import { ChooseRunsInput, CountRunsInput, ListRunsInput } from "@/server/domain/inputs/run-lists";
import {
  CancelRunInput,
  PlanRunInput,
  PreviewRunInput,
  ReadRunLogInput,
  RenameRunInput,
  SetPriorityInput,
  SetRunTagsInput,
  StartRunInput,
} from "@/server/domain/inputs/runs";
import { ById, ByIds } from "@/server/domain/inputs/shared";
import { cancelRun } from "@/server/services/runs/cancel-run";
import { compareWithEarlier } from "@/server/services/runs/compare-with-earlier";
import { countRuns } from "@/server/services/runs/count-runs";
import { archiveRuns, deleteRuns, restoreRuns } from "@/server/services/runs/flag-runs";
import { getRun } from "@/server/services/runs/get-run";
import { countChosenRuns, listRuns } from "@/server/services/runs/list-runs";
import { planRun } from "@/server/services/runs/plan-extent";
import { planRetry } from "@/server/services/runs/plan-retry";
import { previewRun } from "@/server/services/runs/preview-run";
import { readRunLog } from "@/server/services/runs/read-run-log";
import { renameRun } from "@/server/services/runs/rename-run";
import { retryRun } from "@/server/services/runs/retry-run";
import { runSeries } from "@/server/services/runs/run-series";
import { runUsage } from "@/server/services/runs/run-usage";
import { setPriority } from "@/server/services/runs/set-priority";
import { setRunTags } from "@/server/services/runs/set-run-tags";
import { startRun } from "@/server/services/runs/start-run";
import { runFactNames, suggestRunValues } from "@/server/services/runs/suggest-runs";
import { protectedProcedure, router } from "../trpc";

export const runsRouter = router({
  list: protectedProcedure.input(ListRunsInput).query(({ ctx, input }) => listRuns(ctx.services, input)),
  counts: protectedProcedure.input(CountRunsInput).query(({ ctx, input }) => countRuns(ctx.services, input)),
  count: protectedProcedure.input(ChooseRunsInput).query(({ ctx, input }) => countChosenRuns(ctx.services, input)),
  get: protectedProcedure.input(ById).query(({ ctx, input }) => getRun(ctx.services, input.id)),
  series: protectedProcedure.input(ById).query(({ ctx, input }) => runSeries(ctx.services, input.id)),
  earlier: protectedProcedure.input(ById).query(({ ctx, input }) => compareWithEarlier(ctx.services, input.id)),
  usage: protectedProcedure.input(ById).query(({ ctx, input }) => runUsage(ctx.services, input.id)),
  log: protectedProcedure.input(ReadRunLogInput).query(({ ctx, input }) => readRunLog(ctx.services, input)),
  create: protectedProcedure.input(StartRunInput).mutation(({ ctx, input }) => startRun(ctx.services, input)),
  plan: protectedProcedure.input(PlanRunInput).query(({ ctx, input }) => planRun(ctx.services, input)),
  preview: protectedProcedure.input(PreviewRunInput).query(({ ctx, input }) => previewRun(ctx.services, input)),
  cancel: protectedProcedure
    .input(CancelRunInput)
    .mutation(({ ctx, input }) => cancelRun(ctx.services, input.id, { hard: input.hard, by: ctx.identity.name })),
  retry: protectedProcedure
    .input(ById)
    .mutation(({ ctx, input }) => retryRun(ctx.services, input.id, ctx.identity.name)),
  planRetry: protectedProcedure.input(ById).query(({ ctx, input }) => planRetry(ctx.services, input.id)),
  archive: protectedProcedure.input(ByIds).mutation(({ ctx, input }) => archiveRuns(ctx.services, input.ids)),
  restore: protectedProcedure.input(ByIds).mutation(({ ctx, input }) => restoreRuns(ctx.services, input.ids)),
  delete: protectedProcedure.input(ByIds).mutation(({ ctx, input }) => deleteRuns(ctx.services, input.ids)),
  factNames: protectedProcedure.query(({ ctx }) => runFactNames(ctx.services)),
  suggest: protectedProcedure.input(SuggestInput).query(({ ctx, input }) => suggestRunValues(ctx.services, input)),
  setPriority: protectedProcedure
    .input(SetPriorityInput)
    .mutation(({ ctx, input }) => setPriority(ctx.services, input)),
  setTags: protectedProcedure.input(SetRunTagsInput).mutation(({ ctx, input }) => setRunTags(ctx.services, input)),
  rename: protectedProcedure.input(RenameRunInput).mutation(({ ctx, input }) => renameRun(ctx.services, input)),
});
