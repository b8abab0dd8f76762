/** What clients may ask of experiments: one zod schema per request. */
import { z } from "zod";
import { EXPERIMENT_SORTS } from "../lists/experiment-fields";
import { Filter } from "../lists/filter-schema";
import { Description, Direction, Id, Name, Page, Search } from "./shared";

export const ListExperimentsInput = z.object({
  search: Search.optional(),
  /** Absent: as the filter says; active ones where it says nothing. */
  archived: z.boolean().optional(),
  filter: Filter.optional(),
  /** A filter in its text form; with `filter` beside it both have to hold. */
  where: z.string().max(10_000).optional(),
  sort: z.enum(EXPERIMENT_SORTS).default("last"),
  direction: Direction.default("desc"),
  ...Page,
});
export type ListExperimentsInput = z.infer<typeof ListExperimentsInput>;

export const CreateExperimentInput = z.object({ name: Name, description: Description.optional() });
export type CreateExperimentInput = z.infer<typeof CreateExperimentInput>;

/** The run that the others of an experiment are measured against; null for none. */
export const SetBaselineInput = z.object({ experimentId: Id, runId: Id.nullable() });
export type SetBaselineInput = z.infer<typeof SetBaselineInput>;
