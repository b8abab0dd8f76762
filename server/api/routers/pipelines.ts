/** Procedures about pipelines and their versions. */

import {
  ByVersionId,
  ForgetPipelineCacheInput,
  GetVersionInput,
  ListPipelinesInput,
  ListVersionsInput,
  MetricTrendInput,
  RunGridInput,
  UpdatePipelineInput,
} from "@/server/domain/inputs/pipelines";
import { ById } from "@/server/domain/inputs/shared";
import { forgetPipelineCache } from "@/server/services/cache/forget-cache";
import {
  deletePipeline,
  deleteVersion,
  restorePipeline,
  restoreVersion,
} from "@/server/services/pipelines/delete-pipeline";
import { getPipeline } from "@/server/services/pipelines/get-pipeline";
import { getMetricTrend, getRunGrid } from "@/server/services/pipelines/get-run-grid";
import { getSpecText, getVersion, getVersionById } from "@/server/services/pipelines/get-version";
import { listPipelines } from "@/server/services/pipelines/list-pipelines";
import { listVersions } from "@/server/services/pipelines/list-versions";
import { updatePipeline } from "@/server/services/pipelines/update-pipeline";
import { protectedProcedure, router } from "../trpc";

export const pipelinesRouter = router({
  list: protectedProcedure.input(ListPipelinesInput).query(({ ctx, input }) => listPipelines(ctx.services, input)),
  get: protectedProcedure.input(ById).query(({ ctx, input }) => getPipeline(ctx.services, input.id)),
  versions: protectedProcedure.input(ListVersionsInput).query(({ ctx, input }) => listVersions(ctx.services, input)),
  version: protectedProcedure.input(GetVersionInput).query(({ ctx, input }) => getVersion(ctx.services, input)),
  versionById: protectedProcedure
    .input(ByVersionId)
    .query(({ ctx, input }) => getVersionById(ctx.services, input.versionId)),
  specText: protectedProcedure.input(ByVersionId).query(({ ctx, input }) => getSpecText(ctx.services, input.versionId)),
  grid: protectedProcedure.input(RunGridInput).query(({ ctx, input }) => getRunGrid(ctx.services, input)),
  metricTrend: protectedProcedure
    .input(MetricTrendInput)
    .query(({ ctx, input }) => getMetricTrend(ctx.services, input)),
  update: protectedProcedure
    .input(UpdatePipelineInput)
    .mutation(({ ctx, input }) => updatePipeline(ctx.services, input)),
  forgetCache: protectedProcedure
    .input(ForgetPipelineCacheInput)
    .mutation(({ ctx, input }) => forgetPipelineCache(ctx.services, input)),
  delete: protectedProcedure.input(ById).mutation(({ ctx, input }) => deletePipeline(ctx.services, input.id)),
  restore: protectedProcedure.input(ById).mutation(({ ctx, input }) => restorePipeline(ctx.services, input.id)),
  deleteVersion: protectedProcedure
    .input(ByVersionId)
    .mutation(({ ctx, input }) => deleteVersion(ctx.services, input.versionId)),
  restoreVersion: protectedProcedure
    .input(ByVersionId)
    .mutation(({ ctx, input }) => restoreVersion(ctx.services, input.versionId)),
});
