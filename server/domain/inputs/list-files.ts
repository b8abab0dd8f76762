/** What may be asked for when a whole list is taken away as a file. */
import { z } from "zod";
import { EXPERIMENT_SORTS } from "../lists/experiment-fields";
import { PIPELINE_SORTS } from "../lists/pipeline-fields";
import { ARTIFACT_SORTS, TASK_SORTS } from "../lists/task-fields";
import { Direction } from "./shared";

/** A list that has a filter, an order and columns; a file has those columns that are asked for, `usual` without. */
const listFile = <Sorts extends readonly [string, ...string[]]>(sorts: Sorts, usual: readonly string[]) =>
  z.object({
    /** A filter in its text form. */
    where: z.string().max(10_000).optional(),
    sort: z.enum(sorts).default(sorts[0]),
    direction: Direction.default("desc"),
    format: z.enum(["csv", "json"]).default("csv"),
    columns: z
      .array(z.string().min(1).max(1_100))
      .min(1)
      .max(100)
      .default([...usual]),
  });

export const ExportExecutionsInput = listFile(TASK_SORTS, [
  "id",
  "state",
  "path",
  "run",
  "pipeline",
  "attempt",
  "created",
  "duration",
]);
export type ExportExecutionsInput = z.infer<typeof ExportExecutionsInput>;

export const ExportArtifactsInput = listFile(ARTIFACT_SORTS, ["id", "name", "type", "step", "run", "size", "created"]);
export type ExportArtifactsInput = z.infer<typeof ExportArtifactsInput>;

export const ExportExperimentsInput = listFile(EXPERIMENT_SORTS, ["id", "name", "state", "runs", "last", "created"]);
export type ExportExperimentsInput = z.infer<typeof ExportExperimentsInput>;

const PIPELINE_FILE = ["id", "name", "format", "version", "state", "steps", "runs", "last", "result", "updated"];
export const ExportPipelinesInput = listFile(PIPELINE_SORTS, PIPELINE_FILE);
export type ExportPipelinesInput = z.infer<typeof ExportPipelinesInput>;
