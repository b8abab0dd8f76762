/** What clients may ask: one zod schema per request, shared by the API and the forms of the pages. */
import { z } from "zod";
import type { JsonValue } from "@/pipelines/graph";
import { ID_PATTERN } from "./ids";
import { RUN_STATES } from "./states";

const MAX_PAGE = 200;
const DEFAULT_PAGE = 50;
const MAX_NAME = 128;
const MAX_DESCRIPTION = 10_000;
const MAX_BULK = 1_000;
const MAX_TAGS = 20;
const MAX_TAG = 63;

const Id = z.string().regex(ID_PATTERN, "This is not an id. Take one from a list or from a link.");

/** Names are one line of text: what a person reads in a list, never a path. */
const Name = z
  .string()
  .trim()
  .min(1, "Give it a name.")
  .max(MAX_NAME, `Keep the name to ${MAX_NAME} characters.`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
  .regex(/^[^\u0000-\u001f\u007f]*$/, "A name is one line without control characters.");
const Description = z.string().max(MAX_DESCRIPTION, `Keep the description to ${MAX_DESCRIPTION} characters.`);
const Search = z.string().trim().max(200, "Search for at most 200 characters.");
const Json: z.ZodType<JsonValue, JsonValue> = z.json();

const Page = {
  cursor: z.string().max(4_096).nullish(),
  limit: z.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
};
const Direction = z.enum(["asc", "desc"]);

export const ById = z.object({ id: Id });
export type ById = z.infer<typeof ById>;

export const ByIds = z.object({ ids: z.array(Id).min(1, "Choose at least one run.").max(MAX_BULK) });
export type ByIds = z.infer<typeof ByIds>;

export const ByVersionId = z.object({ versionId: Id });
export type ByVersionId = z.infer<typeof ByVersionId>;

export const InstallExampleInput = z.object({ id: z.string().min(1).max(MAX_NAME) });
export type InstallExampleInput = z.infer<typeof InstallExampleInput>;

export const ListPipelinesInput = z.object({
  search: Search.optional(),
  sort: z.enum(["name", "updated", "created"]).default("updated"),
  direction: Direction.optional(),
  ...Page,
});
export type ListPipelinesInput = z.infer<typeof ListPipelinesInput>;

export const ListVersionsInput = z.object({ id: Id, ...Page });
export type ListVersionsInput = z.infer<typeof ListVersionsInput>;

export const GetVersionInput = z.object({ id: Id, number: z.number().int().min(1).optional() });
export type GetVersionInput = z.infer<typeof GetVersionInput>;

/** Labels of a pipeline: few, short, and without the dot that filters use as a separator. */
export const Tags = z
  .record(
    z
      .string()
      .min(1, "A tag needs a name.")
      .max(MAX_TAG, `Keep a tag's name to ${MAX_TAG} characters.`)
      .regex(/^[^.]*$/, "A tag's name cannot hold a dot."),
    z.string().max(MAX_TAG, `Keep a tag's value to ${MAX_TAG} characters.`),
  )
  .refine((tags) => Object.keys(tags).length <= MAX_TAGS, `At most ${MAX_TAGS} tags fit on one pipeline.`);
export type Tags = z.infer<typeof Tags>;

export const UpdatePipelineInput = z.object({
  id: Id,
  name: Name.optional(),
  description: Description.optional(),
  tags: Tags.optional(),
});
export type UpdatePipelineInput = z.infer<typeof UpdatePipelineInput>;

export const ListExperimentsInput = z.object({
  search: Search.optional(),
  archived: z.boolean().default(false),
  ...Page,
});
export type ListExperimentsInput = z.infer<typeof ListExperimentsInput>;

export const CreateExperimentInput = z.object({ name: Name, description: Description.optional() });
export type CreateExperimentInput = z.infer<typeof CreateExperimentInput>;

export const ListRunsInput = z.object({
  search: Search.optional(),
  states: z.array(z.enum(RUN_STATES)).max(RUN_STATES.length).optional(),
  pipelineId: Id.optional(),
  versionId: Id.optional(),
  experimentId: Id.optional(),
  archived: z.boolean().default(false),
  createdAfter: z.iso.datetime({ offset: true }).optional(),
  createdBefore: z.iso.datetime({ offset: true }).optional(),
  sort: z.enum(["created", "finished", "name", "duration"]).default("created"),
  direction: Direction.default("desc"),
  ...Page,
});
export type ListRunsInput = z.infer<typeof ListRunsInput>;

export const CountRunsInput = z.object({
  experimentId: Id.optional(),
  pipelineId: Id.optional(),
  archived: z.boolean().optional(),
});
export type CountRunsInput = z.infer<typeof CountRunsInput>;

export const StartRunInput = z.object({
  versionId: Id,
  name: Name.optional(),
  description: Description.optional(),
  experimentId: Id.optional(),
  profile: z.string().min(1).max(MAX_NAME).optional(),
  parameters: z.record(z.string().max(1_024), Json).default({}),
  cache: z.enum(["use", "ignore"]).default("use"),
  clonedFrom: Id.optional(),
  idempotencyKey: z.string().min(1).max(255).optional(),
});
export type StartRunInput = z.infer<typeof StartRunInput>;

export const RenameRunInput = z.object({ id: Id, name: Name, description: Description.optional() });
export type RenameRunInput = z.infer<typeof RenameRunInput>;

export const GetTaskInput = z.object({ id: z.number().int().positive() });
export type GetTaskInput = z.infer<typeof GetTaskInput>;

/** `runs`, `run:<id>`, `pipelines`, `experiments`, `system` or `log:<task>/<attempt>`. */
const Topic = z.string().regex(/^(?:runs|pipelines|experiments|system|run:[A-Za-z0-9_-]{1,64}|log:\d{1,15}\/\d{1,9})$/);

export const WatchChangesInput = z.object({
  topics: z.array(Topic).min(1).max(500),
  lastEventId: z.string().max(32).nullish(),
});
export type WatchChangesInput = z.infer<typeof WatchChangesInput>;

/** What an upload may say beside its files, as it stands in the query of `POST /api/uploads`. */
export const UploadInput = z.object({
  pipelineId: Id.optional(),
  name: Name.optional(),
  description: Description.optional(),
  /** Keeps an Incomplete version and says what is missing; false refuses it instead. */
  keepIncomplete: z.boolean().default(true),
});
export type UploadInput = z.infer<typeof UploadInput>;
