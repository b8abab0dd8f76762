/** `GET /api/runs/export`: every run of a choice as CSV or JSON. */
import type { ServerResponse } from "node:http";
import { ExportRunsInput } from "@/server/domain/inputs/run-lists";
import type { Context } from "@/server/services/context";
import { exportedValues, exportRuns } from "@/server/services/runs/export-runs";
import { sendListFile } from "./list-export";
import { readQuery } from "./read-query";

const NAMES = { lists: ["states", "parameters", "metrics", "columns"], flags: ["archived"] };

/** Answers with the runs that the query chooses. Throws `invalid`. */
export function answerRunExport(context: Context, response: ServerResponse, query: URLSearchParams): Promise<void> {
  const input = readQuery(ExportRunsInput, query, NAMES);
  const { format, columns } = input;
  return sendListFile(
    response,
    { name: "runs", format, columns, valuesOf: exportedValues },
    exportRuns(context, input),
  );
}
