/** A whole list as a CSV or JSON file, written page by page as fast as the reader takes it. */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { JsonValue } from "@/pipelines/graph";
import { csvLine } from "@/server/domain/lists/csv";
import { attachment } from "./send-file";

export interface ListFile<Item> {
  /** Without its ending. */
  readonly name: string;
  readonly format: "csv" | "json";
  readonly columns: readonly string[];
  readonly valuesOf: (item: Item, columns: readonly string[]) => readonly JsonValue[];
}

/** Answers with a stream that ends where the list ends, or with the reader's patience. */
export async function sendListFile<Item>(
  response: ServerResponse,
  { name, format, columns, valuesOf }: ListFile<Item>,
  pages: AsyncGenerator<readonly Item[], void>,
): Promise<void> {
  // The first page is read before anything is answered, so that what cannot be asked is refused in words.
  const first = await pages.next();
  const isCsv = format === "csv";
  response.writeHead(200, {
    "Content-Type": isCsv ? "text/csv; charset=utf-8" : "application/json; charset=utf-8",
    "Content-Disposition": attachment(`${name}.${format}`),
    "Cache-Control": "no-store",
  });
  const line = (item: Item) => {
    const values = valuesOf(item, columns);
    return isCsv
      ? csvLine(values)
      : JSON.stringify(Object.fromEntries(columns.map((column, at) => [column, values[at] ?? null])));
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
