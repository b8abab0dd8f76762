/** `GET /api/runs/export`: every run of a choice as CSV or JSON, written page by page as fast as the reader takes it. */

import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { ExportRunsInput } from "@/server/domain/inputs";
import { csvLine } from "@/server/domain/lists/csv";
import { ProblemError } from "@/server/domain/problem-error";
import type { RunListItem } from "@/server/domain/views";
import type { Context } from "@/server/services/context";
import { exportedValues, exportRuns } from "@/server/services/runs/export-runs";
import { attachment } from "./send-file";

const LISTS = ["states", "parameters", "metrics", "columns"];

/** Reads the query of the address; its filter stands in `where`. Throws `invalid`. */
function readQuery(query: URLSearchParams): ExportRunsInput {
  const given: { [name: string]: unknown } = {};
  for (const [name, value] of query)
    given[name] = LISTS.includes(name) ? [...((given[name] as string[]) ?? []), value] : value;
  if (typeof given.archived === "string") given.archived = given.archived === "true";
  const input = ExportRunsInput.safeParse(given);
  if (!input.success) {
    const issue = input.error.issues[0];
    throw new ProblemError("invalid", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "The query is not valid."}`);
  }
  return input.data;
}

/** Answers with a stream that ends where the list ends, or with the reader's patience. */
export async function answerRunExport(
  context: Context,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const input = readQuery(query);
  const pages = exportRuns(context, input);
  // The first page is read before anything is answered, so that what cannot be asked is refused in words.
  const first = await pages.next();
  const isCsv = input.format === "csv";
  response.writeHead(200, {
    "Content-Type": isCsv ? "text/csv; charset=utf-8" : "application/json; charset=utf-8",
    "Content-Disposition": attachment(`runs.${input.format}`),
    "Cache-Control": "no-store",
  });
  const columns = input.columns;
  const line = (run: RunListItem) => {
    const values = exportedValues(run, columns);
    return isCsv
      ? csvLine(values)
      : JSON.stringify(Object.fromEntries(columns.map((name, i) => [name, values[i] ?? null])));
  };
  response.write(isCsv ? csvLine(columns) : "[");
  let isFirst = true;
  for (let page = first; !page.done && !response.destroyed; page = await pages.next()) {
    const lines = page.value.map(line);
    const text = isCsv ? lines.join("") : `${isFirst || lines.length === 0 ? "" : ","}${lines.join(",\n")}`;
    isFirst = false;
    if (!response.write(text)) await Promise.race([once(response, "drain"), once(response, "close")]);
  }
  response.end(isCsv ? undefined : "]\n");
}
