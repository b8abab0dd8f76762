/** What clients may ask of one run: one zod schema per request. */
import { z } from "zod";
import { ByIds, Cache, Description, Id, Json, MAX_NAME, Name, Priority, StepPath, Tags } from "./shared";

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

/** Asks what a run up to a step, or from a step of another run, would do with each step. */
export const PlanRunInput = StartRunInput.pick({ versionId: true, upTo: true, from: true });
export type PlanRunInput = z.infer<typeof PlanRunInput>;

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
