/** `GET /api/<list>/export`: each list that has filters and columns, whole, as CSV or JSON; a table of what a list is read by. */
import type { ServerResponse } from "node:http";
import type { z } from "zod";
import type { JsonValue } from "@/pipelines/graph";
import {
  ExportArtifactsInput,
  ExportExecutionsInput,
  ExportExperimentsInput,
  ExportPipelinesInput,
} from "@/server/domain/inputs/list-files";
import { ExportRecurringRunsInput } from "@/server/domain/inputs/recurring-runs";
import { ExportRunsInput } from "@/server/domain/inputs/run-lists";
import type { ListName } from "@/server/domain/lists/list-names";
import { artifactValues, exportArtifacts } from "@/server/services/artifacts/export-artifacts";
import type { Context } from "@/server/services/context";
import { experimentValues, exportExperiments } from "@/server/services/experiments/export-experiments";
import { exportPipelines, pipelineValues } from "@/server/services/pipelines/export-pipelines";
import { exportRecurringRuns, recurringRunValues } from "@/server/services/recurring-runs/export-recurring-runs";
import { executionValues, exportExecutions } from "@/server/services/runs/export-executions";
import { exportedValues, exportRuns } from "@/server/services/runs/export-runs";
import { sendListFile } from "./list-export";
import { readQuery } from "./read-query";

interface FileRequest {
  readonly format: "csv" | "json";
  readonly columns: readonly string[];
}

interface Exported<Input extends FileRequest, Item> {
  readonly input: z.ZodType<Input>;
  /** Names that may stand in the query more than once, beside `columns`, and those that are true or false. */
  readonly lists?: readonly string[];
  readonly flags?: readonly string[];
  readonly pages: (context: Context, input: Input) => AsyncGenerator<readonly Item[], void>;
  readonly valuesOf: (item: Item, columns: readonly string[]) => readonly JsonValue[];
}

/** Answers with what the query chooses of a list. Throws `invalid`. */
type Answer = (name: ListName, context: Context, response: ServerResponse, query: URLSearchParams) => Promise<void>;

const exported =
  <Input extends FileRequest, Item>({ input: schema, lists = [], flags = [], ...of }: Exported<Input, Item>): Answer =>
  (name, context, response, query) => {
    const input = readQuery(schema, query, { lists: [...lists, "columns"], flags });
    const { format, columns } = input;
    return sendListFile(response, { name, format, columns, valuesOf: of.valuesOf }, of.pages(context, input));
  };

const EXPORTS: { readonly [list in ListName]: Answer } = {
  runs: exported({
    input: ExportRunsInput,
    lists: ["states", "parameters", "metrics"],
    flags: ["archived"],
    pages: exportRuns,
    valuesOf: exportedValues,
  }),
  executions: exported({ input: ExportExecutionsInput, pages: exportExecutions, valuesOf: executionValues }),
  artifacts: exported({ input: ExportArtifactsInput, pages: exportArtifacts, valuesOf: artifactValues }),
  "recurring-runs": exported({
    input: ExportRecurringRunsInput,
    flags: ["enabled"],
    pages: exportRecurringRuns,
    valuesOf: recurringRunValues,
  }),
  experiments: exported({ input: ExportExperimentsInput, pages: exportExperiments, valuesOf: experimentValues }),
  pipelines: exported({ input: ExportPipelinesInput, pages: exportPipelines, valuesOf: pipelineValues }),
};

/** Answers with a whole list as a file. Throws `invalid`. */
export const answerListExport = (
  list: ListName,
  context: Context,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> => EXPORTS[list](list, context, response, query);
