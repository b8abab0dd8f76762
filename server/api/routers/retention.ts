/** Procedures about the trash, the rules that fill it, and what takes the disk. */
import { ByIds } from "@/server/domain/inputs/shared";
import { PreviewRetentionInput, PurgeDefinitionInput } from "@/server/domain/retention";
import { diskUse } from "@/server/services/retention/disk-use";
import { purgeDefinitionNow } from "@/server/services/retention/purge-definitions";
import { emptyTrash, listTrash, previewRetention } from "@/server/services/retention/trash";
import { managingProcedure, protectedProcedure, router } from "../trpc";

export const retentionRouter = router({
  trash: protectedProcedure.query(({ ctx }) => listTrash(ctx.services)),
  disk: protectedProcedure.query(({ ctx }) => diskUse(ctx.services)),
  preview: managingProcedure
    .input(PreviewRetentionInput)
    .query(({ ctx, input }) => previewRetention(ctx.services, input)),
  purgeDefinition: managingProcedure
    .input(PurgeDefinitionInput)
    .mutation(({ ctx, input }) => purgeDefinitionNow(ctx.services, input)),
  purge: managingProcedure.input(ByIds).mutation(({ ctx, input }) => emptyTrash(ctx.services, input)),
});
