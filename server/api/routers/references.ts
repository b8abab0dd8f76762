/** Procedures about what people type to mean something. */
import { FindReferencesInput } from "@/server/domain/inputs/references";
import { findReferences } from "@/server/services/references/find-references";
import { protectedProcedure, router } from "../trpc";

export const referencesRouter = router({
  find: protectedProcedure.input(FindReferencesInput).query(({ ctx, input }) => findReferences(ctx.services, input)),
});
