/** Procedures about experiments. */

import { CreateExperimentInput, ListExperimentsInput } from "@/server/domain/inputs/experiments";
import { ById } from "@/server/domain/inputs/shared";
import { archiveExperiment } from "@/server/services/experiments/archive-experiment";
import { createExperiment } from "@/server/services/experiments/create-experiment";
import { bringBackExperiment, deleteExperiment } from "@/server/services/experiments/delete-experiment";
import { getExperiment } from "@/server/services/experiments/get-experiment";
import { listExperiments } from "@/server/services/experiments/list-experiments";
import { protectedProcedure, router } from "../trpc";

export const experimentsRouter = router({
  list: protectedProcedure.input(ListExperimentsInput).query(({ ctx, input }) => listExperiments(ctx.services, input)),
  get: protectedProcedure.input(ById).query(({ ctx, input }) => getExperiment(ctx.services, input.id)),
  create: protectedProcedure
    .input(CreateExperimentInput)
    .mutation(({ ctx, input }) => createExperiment(ctx.services, input)),
  archive: protectedProcedure.input(ById).mutation(({ ctx, input }) => archiveExperiment(ctx.services, input.id)),
  restore: protectedProcedure.input(ById).mutation(({ ctx, input }) => bringBackExperiment(ctx.services, input.id)),
  delete: protectedProcedure.input(ById).mutation(({ ctx, input }) => deleteExperiment(ctx.services, input.id)),
});
