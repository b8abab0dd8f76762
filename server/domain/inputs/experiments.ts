/** What clients may ask of experiments: one zod schema per request. */
import { z } from "zod";
import { Description, Id, Name, Page, Search } from "./shared";

export const ListExperimentsInput = z.object({
  search: Search.optional(),
  archived: z.boolean().default(false),
  ...Page,
});
export type ListExperimentsInput = z.infer<typeof ListExperimentsInput>;

export const CreateExperimentInput = z.object({ name: Name, description: Description.optional() });
export type CreateExperimentInput = z.infer<typeof CreateExperimentInput>;

/** The run that the others of an experiment are measured against; null for none. */
export const SetBaselineInput = z.object({ experimentId: Id, runId: Id.nullable() });
export type SetBaselineInput = z.infer<typeof SetBaselineInput>;
