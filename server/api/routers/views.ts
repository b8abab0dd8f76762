/** Procedures about saved views of lists and short links. */

import { ListViewsInput, SaveViewInput, ShortenLinkInput } from "@/server/domain/inputs/lists";
import { ById } from "@/server/domain/inputs/shared";
import { deleteView, listViews, restoreView, saveView } from "@/server/services/views/saved-views";
import { expandLink, shortenLink } from "@/server/services/views/short-links";
import { protectedProcedure, router } from "../trpc";

export const viewsRouter = router({
  list: protectedProcedure.input(ListViewsInput).query(({ ctx, input }) => listViews(ctx.services, input.list)),
  save: protectedProcedure.input(SaveViewInput).mutation(({ ctx, input }) => saveView(ctx.services, input)),
  delete: protectedProcedure.input(ById).mutation(({ ctx, input }) => deleteView(ctx.services, input.id)),
  restore: protectedProcedure.input(ById).mutation(({ ctx, input }) => restoreView(ctx.services, input.id)),
  shorten: protectedProcedure
    .input(ShortenLinkInput)
    .mutation(({ ctx, input }) => shortenLink(ctx.services, input.address)),
  expand: protectedProcedure.input(ById).query(({ ctx, input }) => expandLink(ctx.services, input.id)),
});
