/** Procedures about runs. */
import { ById, ByIds, CountRunsInput, ListRunsInput, RenameRunInput, StartRunInput } from "@/server/domain/inputs";
import { cancelRun } from "@/server/services/runs/cancel-run";
import { countRuns } from "@/server/services/runs/count-runs";
import { archiveRuns, deleteRuns, restoreRuns } from "@/server/services/runs/flag-runs";
import { getRun } from "@/server/services/runs/get-run";
import { listRuns } from "@/server/services/runs/list-runs";
import { renameRun } from "@/server/services/runs/rename-run";
import { startRun } from "@/server/services/runs/start-run";
import { protectedProcedure, router } from "../trpc";

export const runsRouter = router({
  list: protectedProcedure.input(ListRunsInput).query(({ ctx, input }) => listRuns(ctx.services, input)),
  counts: protectedProcedure.input(CountRunsInput).query(({ ctx, input }) => countRuns(ctx.services, input)),
  get: protectedProcedure.input(ById).query(({ ctx, input }) => getRun(ctx.services, input.id)),
  create: protectedProcedure.input(StartRunInput).mutation(({ ctx, input }) => startRun(ctx.services, input)),
  cancel: protectedProcedure.input(ById).mutation(({ ctx, input }) => cancelRun(ctx.services, input.id)),
  archive: protectedProcedure.input(ByIds).mutation(({ ctx, input }) => archiveRuns(ctx.services, input.ids)),
  restore: protectedProcedure.input(ByIds).mutation(({ ctx, input }) => restoreRuns(ctx.services, input.ids)),
  delete: protectedProcedure.input(ByIds).mutation(({ ctx, input }) => deleteRuns(ctx.services, input.ids)),
  rename: protectedProcedure.input(RenameRunInput).mutation(({ ctx, input }) => renameRun(ctx.services, input)),
});
