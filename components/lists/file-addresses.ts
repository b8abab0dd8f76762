/** Addresses of a whole list as files: what is asked of the list, with the columns it shows. */
import { filterText } from "@/server/domain/lists/filter-text";
import type { ListName } from "@/server/domain/lists/list-names";
import type { RecordQuestion, RecordScope } from "./record-question";

export interface FileAddresses {
  readonly csv: string;
  readonly json: string;
}

/** Where the list is found as CSV and as JSON. */
export function fileAddresses(
  list: ListName,
  { filter, sort, direction }: RecordQuestion,
  scope: RecordScope,
  columns: readonly string[],
): FileAddresses {
  const query = new URLSearchParams({ ...scope, sort, direction });
  if (filter) query.set("where", filterText(filter));
  for (const column of columns) query.append("columns", column);
  const address = `/api/${list}/export?${query}`;
  return { csv: `${address}&format=csv`, json: `${address}&format=json` };
}
