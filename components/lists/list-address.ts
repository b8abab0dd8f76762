/** What stands in the address of a list beside its own filters: order, layout, and the view it came from. */
import { parseAsString, parseAsStringLiteral } from "nuqs";
import { layoutParsers } from "@/components/data-table/table-layout";

/** Parsers of what every list keeps in its address. */
export const listParsers = {
  dir: parseAsStringLiteral(["asc", "desc"] as const).withDefault("desc"),
  view: parseAsString,
  ...layoutParsers,
};

/** What a view keeps of an address: all but the view's own id, in a fixed order. */
export function viewQuery(search: string): string {
  const query = new URLSearchParams(search);
  query.delete("view");
  query.sort();
  return query.toString();
}
