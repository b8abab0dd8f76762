/** What clients may ask: one zod schema per request, shared by the API and the forms of the pages. */
import { z } from "zod";
import type { JsonValue } from "@/pipelines/graph";
import { METRIC_GOALS, MOST_COMPARED } from "./compare/views";
import { ID_PATTERN } from "./ids";
import { Filter } from "./lists/filter-schema";
import { LIST_NAMES } from "./lists/list-names";
import { isRunSort } from "./lists/run-sorts";
import { ARTIFACT_SORTS, TASK_SORTS } from "./lists/task-fields";
import { MAX_PRIORITY } from "./queue/priority";
import { REFERENCE_NOUNS } from "./references";
import { RUN_STATES, TASK_STATES } from "./states";
import { FILE_MODES } from "./views";

const MAX_PAGE = 200;
const DEFAULT_PAGE = 50;
export const MAX_NAME = 128;
const MAX_DESCRIPTION = 10_000;
const MAX_BULK = 1_000;
const MAX_TAGS = 20;
const MAX_TAG = 63;

export const Id = z.string().regex(ID_PATTERN, "This is not an id. Take one from a list or from a link.");

/** Names are one line of text: what a person reads in a list, never a path. */
export const Name = z
  .string()
  .trim()
  .min(1, "Give it a name.")
  .max(MAX_NAME, `Keep the name to ${MAX_NAME} characters.`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
  .regex(/^[^\u0000-\u001f\u007f]*$/, "A name is one line without control characters.");
export const Description = z.string().max(MAX_DESCRIPTION, `Keep the description to ${MAX_DESCRIPTION} characters.`);
export const Search = z.string().trim().max(200, "Search for at most 200 characters.");
export const Json: z.ZodType<JsonValue, JsonValue> = z.json();

export const Page = {
  cursor: z.string().max(4_096).nullish(),
  limit: z.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
};
export const Direction = z.enum(["asc", "desc"]);

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

/** Labels of a pipeline or a run: few, short, and without the dot that filters use as a separator. */
export const Tags = z
  .record(
    z
      .string()
      .min(1, "A tag needs a name.")
      .max(MAX_TAG, `Keep a tag's name to ${MAX_TAG} characters.`)
      .regex(/^[^.]*$/, "A tag's name cannot hold a dot."),
    z.string().max(MAX_TAG, `Keep a tag's value to ${MAX_TAG} characters.`),
  )
  .refine((tags) => Object.keys(tags).length <= MAX_TAGS, `At most ${MAX_TAGS} tags fit.`);
export type Tags = z.infer<typeof Tags>;

export const Cache = z.enum(["use", "ignore"]);

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

export const ListExperimentsInput = z.object({
  search: Search.optional(),
  archived: z.boolean().default(false),
  ...Page,
});
export type ListExperimentsInput = z.infer<typeof ListExperimentsInput>;

/** What may be meant by an id, the beginning of one, or a name. */
export const FindReferencesInput = z.object({
  noun: z.enum(REFERENCE_NOUNS),
  text: z.string().min(1, "Give an id or a name.").max(MAX_NAME, `Ids and names have at most ${MAX_NAME} characters.`),
  /** Deleted ones too. */
  deleted: z.boolean().default(false),
});
export type FindReferencesInput = z.infer<typeof FindReferencesInput>;

export const ListArtifactsInput = z.object({
  runId: Id.optional(),
  type: z.string().min(1).max(255).optional(),
  search: Search.optional(),
  ...Page,
});
export type ListArtifactsInput = z.infer<typeof ListArtifactsInput>;

export const GetArtifactInput = z.object({ id: z.number().int().positive() });
export type GetArtifactInput = z.infer<typeof GetArtifactInput>;

export const CreateExperimentInput = z.object({ name: Name, description: Description.optional() });
export type CreateExperimentInput = z.infer<typeof CreateExperimentInput>;

/** Which runs: a filter, with the short forms that other lists and the command use. */
const RunChoice = {
  search: Search.optional(),
  states: z.array(z.enum(RUN_STATES)).max(RUN_STATES.length).optional(),
  pipelineId: Id.optional(),
  versionId: Id.optional(),
  experimentId: Id.optional(),
  recurringRunId: Id.optional(),
  /** Absent: as the filter says; active ones where it says nothing. */
  archived: z.boolean().optional(),
  createdAfter: z.iso.datetime({ offset: true }).optional(),
  createdBefore: z.iso.datetime({ offset: true }).optional(),
  filter: Filter.optional(),
  /** A filter in its text form; with `filter` beside it both have to hold. */
  where: z.string().max(10_000).optional(),
};
export const ChooseRunsInput = z.object(RunChoice);
export type ChooseRunsInput = z.infer<typeof ChooseRunsInput>;

const FactNames = z.array(z.string().min(1).max(1_024)).max(100);

export const ListRunsInput = z.object({
  ...RunChoice,
  /** A column (`created`, `duration`, `name` …), or `param.<name>`, `metric.<name>`, `tag.<name>`. */
  sort: z.string().refine(isRunSort, "Runs cannot be sorted by this.").default("created"),
  direction: Direction.default("desc"),
  /** Only these parameters, long values cut; absent: all of them, whole. */
  parameters: FactNames.optional(),
  /** The metrics whose last value is wanted. */
  metrics: FactNames.optional(),
  ...Page,
});
export type ListRunsInput = z.infer<typeof ListRunsInput>;

/** Every run of a choice as a file; columns as lists name them. */
export const ExportRunsInput = z.object({
  ...RunChoice,
  format: z.enum(["csv", "json"]).default("csv"),
  sort: z.string().refine(isRunSort, "Runs cannot be sorted by this.").default("created"),
  direction: Direction.default("desc"),
  columns: z
    .array(z.string().min(1).max(1_100))
    .min(1)
    .max(100)
    .default([
      "id",
      "name",
      "state",
      "pipeline",
      "version",
      "experiment",
      "created",
      "started",
      "finished",
      "duration",
    ]),
});
export type ExportRunsInput = z.infer<typeof ExportRunsInput>;

/** Values of a field that hold `part`. */
export const SuggestInput = z.object({ field: z.string().min(1).max(1_100), part: z.string().max(200).default("") });
export type SuggestInput = z.infer<typeof SuggestInput>;

const recordList = <Sorts extends readonly [string, ...string[]]>(sorts: Sorts) =>
  z.object({
    filter: Filter.optional(),
    sort: z.enum(sorts).default(sorts[0]),
    direction: Direction.default("desc"),
    ...Page,
  });
export const ListExecutionsInput = recordList(TASK_SORTS);
export type ListExecutionsInput = z.infer<typeof ListExecutionsInput>;
export const SearchArtifactsInput = recordList(ARTIFACT_SORTS);
export type SearchArtifactsInput = z.infer<typeof SearchArtifactsInput>;

const ViewQuery = z.string().max(16_000, "This view is too long to be kept.");
export const ListViewsInput = z.object({ list: z.enum(LIST_NAMES) });
export type ListViewsInput = z.infer<typeof ListViewsInput>;
export const SaveViewInput = z.object({ id: Id.optional(), list: z.enum(LIST_NAMES), name: Name, query: ViewQuery });
export type SaveViewInput = z.infer<typeof SaveViewInput>;
export const ShortenLinkInput = z.object({
  /** Path and query inside Penstock; nothing that a browser takes for another place. */
  address: z
    .string()
    .max(32_000)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
    .regex(/^\/(?![\\/])[^\u0000-\u0020\\]*$/, "Only addresses inside Penstock have short links."),
});
export type ShortenLinkInput = z.infer<typeof ShortenLinkInput>;

export const CountRunsInput = z.object({
  experimentId: Id.optional(),
  pipelineId: Id.optional(),
  archived: z.boolean().optional(),
});
export type CountRunsInput = z.infer<typeof CountRunsInput>;

const StepPath = z.string().min(1).max(4_096);
const MetricName = z.string().min(1).max(1_024);
const ComparedIds = z
  .array(Id)
  .min(1, "Choose at least one run.")
  .max(MOST_COMPARED, `At most ${MOST_COMPARED} runs are compared at once. Take one out first.`)
  .refine((ids) => new Set(ids).size === ids.length, "A run is compared once; one of these is named twice.");

export const CompareRunsInput = z.object({ runs: ComparedIds });
export type CompareRunsInput = z.infer<typeof CompareRunsInput>;

/** A metric of these runs over its index; `step` null for one that was reported of the run as a whole. */
export const CompareSeriesInput = z.object({ runs: ComparedIds, name: MetricName, step: StepPath.nullable() });
export type CompareSeriesInput = z.infer<typeof CompareSeriesInput>;

export const CompareArtifactsInput = z.object({
  runs: ComparedIds,
  step: StepPath,
  name: z.string().min(1).max(1_024),
});
export type CompareArtifactsInput = z.infer<typeof CompareArtifactsInput>;

export const CompareVersionsInput = z.object({ from: Id, to: Id });
export type CompareVersionsInput = z.infer<typeof CompareVersionsInput>;

/** Sets or, with null, forgets what a metric's values are worth. */
export const SetMetricGoalInput = z.object({
  pipelineName: z.string().min(1).max(1_024),
  name: MetricName,
  goal: z.enum(METRIC_GOALS).nullable(),
});
export type SetMetricGoalInput = z.infer<typeof SetMetricGoalInput>;

/** The run that the others of an experiment are measured against; null for none. */
export const SetBaselineInput = z.object({ experimentId: Id, runId: Id.nullable() });
export type SetBaselineInput = z.infer<typeof SetBaselineInput>;

/** Steps of a higher priority come first under their profile; 0 is the ordinary one. */
export const Priority = z.number().int().min(-MAX_PRIORITY).max(MAX_PRIORITY);

export const StartRunInput = z.object({
  versionId: Id,
  name: Name.optional(),
  description: Description.optional(),
  experimentId: Id.optional(),
  profile: z.string().min(1).max(MAX_NAME).optional(),
  priority: Priority.optional(),
  parameters: z.record(z.string().max(1_024), Json).default({}),
  /** Absent: as the pipeline says. */
  cache: Cache.optional(),
  /** Steps that reuse nothing in this run. */
  cacheOff: z.array(StepPath).max(1_000).optional(),
  stopsOnFailure: z.boolean().optional(),
  /** Runs this step and what it needs, nothing else. */
  upTo: StepPath.optional(),
  /** Runs this step and what follows it; what stands before it is taken over from the run. */
  from: z.object({ runId: Id, step: StepPath }).optional(),
  clonedFrom: Id.optional(),
  tags: Tags.optional(),
  idempotencyKey: z.string().min(1).max(255).optional(),
});
export type StartRunInput = z.infer<typeof StartRunInput>;

/** Changes what people say about a run; what is left out stays. */
export const RenameRunInput = z.object({
  id: Id,
  name: Name,
  description: Description.optional(),
  tags: Tags.optional(),
});
export type RenameRunInput = z.infer<typeof RenameRunInput>;

/** Puts runs elsewhere in their queues: a priority, or `front` for before everything that waits under their profile. */
export const SetPriorityInput = z.object({
  ids: ByIds.shape.ids,
  priority: z.union([Priority, z.literal("front")]),
});
export type SetPriorityInput = z.infer<typeof SetPriorityInput>;

export const SetRunTagsInput = z.object({ id: Id, tags: Tags });
export type SetRunTagsInput = z.infer<typeof SetRunTagsInput>;

export const CancelRunInput = z.object({ id: Id, hard: z.boolean().default(false) });
export type CancelRunInput = z.infer<typeof CancelRunInput>;

/** Asks what a start would run and what it would reuse. */
export const PreviewRunInput = StartRunInput.pick({
  versionId: true,
  experimentId: true,
  profile: true,
  priority: true,
  parameters: true,
  cache: true,
  cacheOff: true,
  upTo: true,
  from: true,
});
export type PreviewRunInput = z.infer<typeof PreviewRunInput>;

/** Forgets the results of a pipeline's runs: of one step, or of all. */
export const ForgetPipelineCacheInput = z.object({ id: Id, step: StepPath.optional() });
export type ForgetPipelineCacheInput = z.infer<typeof ForgetPipelineCacheInput>;

/** Asks what a run up to a step, or from a step of another run, would do with each step. */
export const PlanRunInput = StartRunInput.pick({ versionId: true, upTo: true, from: true });
export type PlanRunInput = z.infer<typeof PlanRunInput>;

/** Tasks of a run below one of them: the iterations of a loop, failed ones first, or the tasks of a group in order. */
export const ListTasksInput = z.object({
  runId: Id,
  /** Null: every task of the run, as they were made. */
  parent: z.number().int().positive().nullable(),
  states: z.array(z.enum(TASK_STATES)).max(TASK_STATES.length).optional(),
  /** Only this iteration. */
  iteration: z.number().int().min(0).optional(),
  ...Page,
});
export type ListTasksInput = z.infer<typeof ListTasksInput>;

/** The task at a path inside a run, with `[n]` for iterations. */
export const FindTaskInput = z.object({ runId: Id, path: StepPath });
export type FindTaskInput = z.infer<typeof FindTaskInput>;

/** Lines of all steps of a run, before or after one of them; without one the last or the first. */
export const ReadRunLogInput = z.object({
  id: Id,
  cursor: z
    .object({ at: z.number().int(), attempt: z.number().int(), offset: z.number().int() })
    .nullable()
    .default(null),
  direction: z.enum(["earlier", "later"]).default("earlier"),
  limit: z.number().int().min(1).max(2_000).default(500),
});
export type ReadRunLogInput = z.infer<typeof ReadRunLogInput>;

export const GetCellsInput = z.object({ task: z.number().int().positive(), attempt: z.number().int().positive() });
export type GetCellsInput = z.infer<typeof GetCellsInput>;

/** A name as Kubernetes writes those of secrets, config maps and claims. */
export const ResourceName = z
  .string()
  .trim()
  .regex(
    /^[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?$/,
    "Use lower-case letters, digits, dots and dashes; begin and end with a letter or digit.",
  );
const ValueName = z.string().regex(/^[-._A-Za-z0-9]{1,253}$/, "Use letters, digits, dots, dashes and underscores.");
/** No environment variable holds a NUL. */
const SecretText = z
  .string()
  .max(1_048_576, "Keep a value to 1,048,576 characters.")
  .refine((text) => !text.includes("\0"), "A value cannot hold a NUL character.");
export const EnvironmentName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "This is no name of an environment variable.");

export const ByName = z.object({ name: z.string().min(1).max(253) });
export type ByName = z.infer<typeof ByName>;

/** Creates a secret or config map, or changes what is given of one. A value of null removes that key. */
export const SaveSecretInput = z.object({
  name: ResourceName,
  isShown: z.boolean().optional(),
  description: Description.optional(),
  values: z.record(ValueName, SecretText.nullable()).default({}),
});
export type SaveSecretInput = z.infer<typeof SaveSecretInput>;

export const SaveVolumeInput = z.object({
  name: ResourceName,
  description: Description.optional(),
  /** Absent: a directory that Penstock makes and keeps. */
  path: z.string().startsWith("/", "Give an absolute path.").max(4_096).optional(),
});
export type SaveVolumeInput = z.infer<typeof SaveVolumeInput>;

/** A Python environment by its key. */
export const ByEnvironmentKey = z.object({
  key: z.string().regex(/^[0-9a-f]{32}$/, "This is no key of an environment."),
});
export type ByEnvironmentKey = z.infer<typeof ByEnvironmentKey>;

/** Asks for a Python environment: the arguments of each `pip install` in order. */
export const AddEnvironmentInput = z.object({
  /** Absent: the server's interpreter. */
  python: z.string().trim().min(1).max(4_096).nullish(),
  lines: z
    .array(z.array(z.string().min(1).max(4_096)).min(1).max(1_000))
    .min(1, "Name a package.")
    .max(100),
});
export type AddEnvironmentInput = z.infer<typeof AddEnvironmentInput>;

export const GetTaskInput = z.object({ id: z.number().int().positive() });
export type GetTaskInput = z.infer<typeof GetTaskInput>;

/** `runs`, `run:<id>`, `pipelines`, `experiments`, `recurring-runs`, `system` or `log:<task>/<attempt>`. */
const Topic = z
  .string()
  .regex(/^(?:runs|pipelines|experiments|recurring-runs|system|run:[A-Za-z0-9_-]{1,64}|log:\d{1,15}\/\d{1,9})$/);

export const WatchChangesInput = z.object({
  topic: z.array(Topic).min(1).max(500),
  lastEventId: z.string().max(32).optional(),
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
