/** Procedures about the bundled examples. */
import { InstallExampleInput } from "@/server/domain/inputs/pipelines";
import { installExample, listExamples } from "@/server/services/examples/examples";
import { protectedProcedure, router } from "../trpc";

export const examplesRouter = router({
  list: protectedProcedure.query(({ ctx }) => listExamples(ctx.services)),
  install: protectedProcedure
    .input(InstallExampleInput)
    .mutation(({ ctx, input }) => installExample(ctx.services, input.id)),
});
