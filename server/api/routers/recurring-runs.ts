/** Procedures about recurring runs. */

import {
  CreateRecurringRunInput,
  DeleteRecurringRunInput,
  ListRecurringRunsInput,
  ListSlotsInput,
  PreviewRecurringRunInput,
  SlotDaysInput,
  UpdateRecurringRunInput,
} from "@/server/domain/inputs/recurring-runs";
import { ById } from "@/server/domain/inputs/shared";
import { createRecurringRun } from "@/server/services/recurring-runs/create-recurring-run";
import { deleteRecurringRun, restoreRecurringRun } from "@/server/services/recurring-runs/delete-recurring-run";
import { getRecurringFigures } from "@/server/services/recurring-runs/get-figures";
import { getRecurringRun } from "@/server/services/recurring-runs/get-recurring-run";
import { listChanges } from "@/server/services/recurring-runs/list-changes";
import { listRecurringRuns, listUpcoming } from "@/server/services/recurring-runs/list-recurring-runs";
import { listSlots } from "@/server/services/recurring-runs/list-slots";
import { previewRecurringRun } from "@/server/services/recurring-runs/preview-recurring-run";
import { runNow } from "@/server/services/recurring-runs/run-now";
import { slotDays } from "@/server/services/recurring-runs/slot-days";
import { disableRecurringRun, enableRecurringRun } from "@/server/services/recurring-runs/switch-recurring-run";
import { updateRecurringRun } from "@/server/services/recurring-runs/update-recurring-run";
import { protectedProcedure, router } from "../trpc";

export const recurringRunsRouter = router({
  list: protectedProcedure
    .input(ListRecurringRunsInput)
    .query(({ ctx, input }) => listRecurringRuns(ctx.services, input)),
  get: protectedProcedure.input(ById).query(({ ctx, input }) => getRecurringRun(ctx.services, input.id)),
  upcoming: protectedProcedure.query(({ ctx }) => listUpcoming(ctx.services)),
  slots: protectedProcedure.input(ListSlotsInput).query(({ ctx, input }) => listSlots(ctx.services, input)),
  days: protectedProcedure.input(SlotDaysInput).query(({ ctx, input }) => slotDays(ctx.services, input)),
  figures: protectedProcedure.input(ById).query(({ ctx, input }) => getRecurringFigures(ctx.services, input.id)),
  changes: protectedProcedure.input(ById).query(({ ctx, input }) => listChanges(ctx.services, input.id)),
  preview: protectedProcedure
    .input(PreviewRecurringRunInput)
    .query(({ ctx, input }) => previewRecurringRun(ctx.services, input)),
  create: protectedProcedure
    .input(CreateRecurringRunInput)
    .mutation(({ ctx, input }) => createRecurringRun(ctx.services, input, ctx.identity.name)),
  update: protectedProcedure
    .input(UpdateRecurringRunInput)
    .mutation(({ ctx, input }) => updateRecurringRun(ctx.services, input, ctx.identity.name)),
  enable: protectedProcedure
    .input(ById)
    .mutation(({ ctx, input }) => enableRecurringRun(ctx.services, input.id, ctx.identity.name)),
  disable: protectedProcedure
    .input(ById)
    .mutation(({ ctx, input }) => disableRecurringRun(ctx.services, input.id, ctx.identity.name)),
  runNow: protectedProcedure.input(ById).mutation(({ ctx, input }) => runNow(ctx.services, input.id)),
  delete: protectedProcedure
    .input(DeleteRecurringRunInput)
    .mutation(({ ctx, input }) => deleteRecurringRun(ctx.services, input, ctx.identity.name)),
  restore: protectedProcedure
    .input(ById)
    .mutation(({ ctx, input }) => restoreRecurringRun(ctx.services, input.id, ctx.identity.name)),
});
