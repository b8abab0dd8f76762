/** `GET /api/recurring-runs/export`: every recurring run of a choice as CSV or JSON. */
import type { ServerResponse } from "node:http";
import { ExportRecurringRunsInput } from "@/server/domain/inputs/recurring-runs";
import type { Context } from "@/server/services/context";
import { exportRecurringRuns, recurringRunValues } from "@/server/services/recurring-runs/export-recurring-runs";
import { sendListFile } from "./list-export";
import { readQuery } from "./read-query";

const NAMES = { lists: ["columns"], flags: ["enabled"] };

/** Answers with the recurring runs that the query chooses. Throws `invalid`. */
export function answerRecurringExport(
  context: Context,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const input = readQuery(ExportRecurringRunsInput, query, NAMES);
  const { format, columns } = input;
  return sendListFile(
    response,
    { name: "recurring-runs", format, columns, valuesOf: recurringRunValues },
    exportRecurringRuns(context, input),
  );
}
