/** What clients may ask of recurring runs: one zod schema per request. */
import { z } from "zod";
import { Filter } from "../lists/filter-schema";
import { RECURRING_SORTS } from "../lists/recurring-fields";
import { CATCH_UPS, MAX_CONCURRENCY, MAX_INTERVAL_MS, MIN_INTERVAL_MS, OVERLAPS } from "../recurrence/words";
import { isTimeZone } from "../recurrence/zone";
import { Cache, Description, Direction, Id, Json, MAX_NAME, Name, Page, Priority, Search, Tags } from "./shared";

const Moment = z.iso.datetime({ offset: true });

/** When a recurring run is due: every so often, by a cron of five fields (minute first) or six (second first), or once. */
const TriggerInput = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("interval"),
    seconds: z
      .number()
      .int("Give whole seconds.")
      .min(MIN_INTERVAL_MS / 1_000, "An interval is a second or more.")
      .max(MAX_INTERVAL_MS / 1_000, "An interval is ten years or less."),
  }),
  z.object({ kind: z.literal("cron"), cron: z.string().trim().min(1, "Write a cron.").max(500) }),
  z.object({ kind: z.literal("none") }),
]);

const RecurringFields = {
  name: Name,
  description: Description.optional(),
  /** A version that is pinned … */
  versionId: Id.optional(),
  /** … or a pipeline whose latest version of the moment is run. */
  pipelineId: Id.optional(),
  experimentId: Id.optional(),
  trigger: TriggerInput,
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, "This time zone is not known. Take one such as Europe/Berlin.")
    .optional(),
  startAt: Moment.nullish(),
  endAt: Moment.nullish(),
  maxConcurrency: z
    .number()
    .int()
    .min(1, "At least one run has to be allowed.")
    .max(MAX_CONCURRENCY, `At most ${MAX_CONCURRENCY} runs may be active at once.`),
  overlap: z.enum(OVERLAPS),
  catchUp: z.enum(CATCH_UPS),
  parameters: z.record(z.string().max(1_024), Json),
  profile: z.string().min(1).max(MAX_NAME).nullish(),
  priority: Priority.optional(),
  cache: Cache.nullish(),
  tags: Tags.optional(),
};

export const CreateRecurringRunInput = z.object({
  ...RecurringFields,
  maxConcurrency: RecurringFields.maxConcurrency.default(1),
  overlap: RecurringFields.overlap.default("wait"),
  catchUp: RecurringFields.catchUp.default("latest"),
  parameters: RecurringFields.parameters.default({}),
  isEnabled: z.boolean().default(true),
  /** The same request sent again makes nothing more. */
  idempotencyKey: z.string().min(1).max(255).optional(),
});
export type CreateRecurringRunInput = z.infer<typeof CreateRecurringRunInput>;

/** What is absent stays as it is. */
export const UpdateRecurringRunInput = z.object(RecurringFields).partial().extend({ id: Id });
export type UpdateRecurringRunInput = z.infer<typeof UpdateRecurringRunInput>;

const RecurringRunChoice = {
  search: Search.optional(),
  experimentId: Id.optional(),
  pipelineId: Id.optional(),
  enabled: z.boolean().optional(),
  filter: Filter.optional(),
  /** A filter in its text form; with `filter` beside it both have to hold. */
  where: z.string().max(10_000).optional(),
  sort: z.enum(RECURRING_SORTS).default("created"),
  direction: Direction.default("desc"),
};

export const ListRecurringRunsInput = z.object({ ...RecurringRunChoice, ...Page });
export type ListRecurringRunsInput = z.infer<typeof ListRecurringRunsInput>;

/** Every recurring run of a choice as a file; columns as the list names them. */
export const ExportRecurringRunsInput = z.object({
  ...RecurringRunChoice,
  format: z.enum(["csv", "json"]).default("csv"),
  columns: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(100)
    .default(["id", "name", "state", "schedule", "zone", "next", "pipeline", "version", "experiment", "runs"]),
});
export type ExportRecurringRunsInput = z.infer<typeof ExportRecurringRunsInput>;

/** A schedule that is not saved yet, or with `id` that of a recurring run as it would be changed. */
export const PreviewRecurringRunInput = z.object({
  id: Id.optional(),
  pipelineId: Id.optional(),
  trigger: TriggerInput,
  timeZone: RecurringFields.timeZone,
  startAt: Moment.nullish(),
  endAt: Moment.nullish(),
  maxConcurrency: RecurringFields.maxConcurrency,
  overlap: RecurringFields.overlap,
  catchUp: RecurringFields.catchUp,
  isEnabled: z.boolean(),
});
export type PreviewRecurringRunInput = z.infer<typeof PreviewRecurringRunInput>;

/** The slots of a month by day, the days being those of a zone. */
export const SlotDaysInput = z.object({
  id: Id,
  month: z.string().regex(/^(?:19[7-9]\d|2\d{3})-(?:0[1-9]|1[0-2])$/, "Name a month such as 2026-11."),
  timeZone: z.string().max(64).refine(isTimeZone, "This time zone is not known. Take one such as Europe/Berlin."),
});
export type SlotDaysInput = z.infer<typeof SlotDaysInput>;

/** Slots of a recurring run, the newest first. */
export const ListSlotsInput = z.object({ id: Id, from: Moment.optional(), before: Moment.optional(), ...Page });
export type ListSlotsInput = z.infer<typeof ListSlotsInput>;

export const DeleteRecurringRunInput = z.object({
  id: Id,
  /** Ends its active runs too; else they go on. */
  endsRuns: z.boolean().default(false),
});
export type DeleteRecurringRunInput = z.infer<typeof DeleteRecurringRunInput>;
