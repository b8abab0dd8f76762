/** What clients may ask of pipelines and their versions: one zod schema per request. */
import { z } from "zod";
import { Filter } from "../lists/filter-schema";
import { PIPELINE_SORTS } from "../lists/pipeline-fields";
import { FILE_MODES } from "../views/runs";
import { Cache, Description, Direction, Id, MAX_NAME, Name, Page, Search, StepPath, Tags } from "./shared";

export const ByVersionId = z.object({ versionId: Id });
export type ByVersionId = z.infer<typeof ByVersionId>;

export const InstallExampleInput = z.object({ id: z.string().min(1).max(MAX_NAME) });
export type InstallExampleInput = z.infer<typeof InstallExampleInput>;

export const ListPipelinesInput = z.object({
  search: Search.optional(),
  filter: Filter.optional(),
  /** A filter in its text form; with `filter` beside it both have to hold. */
  where: z.string().max(10_000).optional(),
  sort: z.enum(PIPELINE_SORTS).default("updated"),
  direction: Direction.optional(),
  ...Page,
});
export type ListPipelinesInput = z.infer<typeof ListPipelinesInput>;

export const ListVersionsInput = z.object({ id: Id, ...Page });
export type ListVersionsInput = z.infer<typeof ListVersionsInput>;

export const RunGridInput = z.object({
  id: Id,
  /** Path of the group whose steps are shown; the empty path is the pipeline itself. */
  within: z.string().max(4000).default(""),
  limit: z.number().int().min(1).max(50).default(50),
});
export type RunGridInput = z.infer<typeof RunGridInput>;

export const MetricTrendInput = z.object({
  id: Id,
  metric: z.string().min(1).max(1000),
  limit: z.number().int().min(1).max(500).default(50),
});
export type MetricTrendInput = z.infer<typeof MetricTrendInput>;

export const GetVersionInput = z.object({ id: Id, number: z.number().int().min(1).optional() });
export type GetVersionInput = z.infer<typeof GetVersionInput>;

export const UpdatePipelineInput = z.object({
  id: Id,
  name: Name.optional(),
  description: Description.optional(),
  tags: Tags.optional(),
  fileMode: z.enum(FILE_MODES).optional(),
  cache: Cache.optional(),
  /** Null: the installation's default. */
  profile: z.string().min(1).max(MAX_NAME).nullish(),
});
export type UpdatePipelineInput = z.infer<typeof UpdatePipelineInput>;

/** Forgets the results of a pipeline's runs: of one step, or of all. */
export const ForgetPipelineCacheInput = z.object({ id: Id, step: StepPath.optional() });
export type ForgetPipelineCacheInput = z.infer<typeof ForgetPipelineCacheInput>;

/** What an upload may say beside its files, as it stands in the query of `POST /api/uploads`. */
export const UploadInput = z.object({
  pipelineId: Id.optional(),
  name: Name.optional(),
  description: Description.optional(),
  /** Keeps an Incomplete version and says what is missing; false refuses it instead. */
  keepIncomplete: z.boolean().default(true),
});
export type UploadInput = z.infer<typeof UploadInput>;
