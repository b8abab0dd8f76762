/** Which runs a list, a count or an export is about: one zod schema per request. */
import { z } from "zod";
import { Filter } from "../lists/filter-schema";
import { isRunSort } from "../lists/run-sorts";
import { RUN_STATES } from "../states";
import { Direction, Id, Page, Search } from "./shared";

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

export const CountRunsInput = z.object({
  experimentId: Id.optional(),
  pipelineId: Id.optional(),
  archived: z.boolean().optional(),
});
export type CountRunsInput = z.infer<typeof CountRunsInput>;
