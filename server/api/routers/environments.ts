/** Procedures about Python environments. */

import { ById } from "@/server/domain/inputs/shared";
import { AddEnvironmentInput, ByEnvironmentKey } from "@/server/domain/inputs/surroundings";
import { getEnvironment, listEnvironments } from "@/server/services/environments/list-environments";
import { removeEnvironment } from "@/server/services/environments/remove-environment";
import { environmentRequest, requestEnvironment } from "@/server/services/environments/request-environment";
import { sweepEnvironments } from "@/server/services/environments/sweep-environments";
import { protectedProcedure, router } from "../trpc";

export const environmentsRouter = router({
  list: protectedProcedure.query(({ ctx }) => listEnvironments(ctx.services)),
  get: protectedProcedure.input(ByEnvironmentKey).query(({ ctx, input }) => getEnvironment(ctx.services, input.key)),
  add: protectedProcedure
    .input(AddEnvironmentInput)
    .mutation(({ ctx, input }) => requestEnvironment(ctx.services, input)),
  request: protectedProcedure.input(ById).query(({ ctx, input }) => environmentRequest(ctx.services, input.id)),
  remove: protectedProcedure
    .input(ByEnvironmentKey)
    .mutation(({ ctx, input }) => removeEnvironment(ctx.services, input.key)),
  sweep: protectedProcedure.mutation(({ ctx }) => sweepEnvironments(ctx.services)),
});
