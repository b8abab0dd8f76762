/** Procedures about artifacts; their bytes travel over HTTP. */
import { GetArtifactInput, ListArtifactsInput } from "@/server/domain/inputs/artifacts";
import { SearchArtifactsInput } from "@/server/domain/inputs/lists";
import { artifactLineage } from "@/server/services/artifacts/artifact-lineage";
import { getArtifact } from "@/server/services/artifacts/get-artifact";
import { listArtifacts, searchArtifacts } from "@/server/services/artifacts/list-artifacts";
import { protectedProcedure, router } from "../trpc";

export const artifactsRouter = router({
  list: protectedProcedure.input(ListArtifactsInput).query(({ ctx, input }) => listArtifacts(ctx.services, input)),
  search: protectedProcedure
    .input(SearchArtifactsInput)
    .query(({ ctx, input }) => searchArtifacts(ctx.services, input)),
  lineage: protectedProcedure
    .input(GetArtifactInput)
    .query(({ ctx, input }) => artifactLineage(ctx.services, input.id)),
  get: protectedProcedure.input(GetArtifactInput).query(({ ctx, input }) => getArtifact(ctx.services, input.id)),
});
