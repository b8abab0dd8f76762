/** The filter of a list as its address spells it. */
import { createParser } from "nuqs";
import type { FieldSet } from "@/server/domain/lists/fields";
import type { Filter } from "@/server/domain/lists/filter";
import { filterText, readFilterText } from "@/server/domain/lists/filter-text";

/** A filter as its text; one that cannot be read is none. */
export const parseAsFilter = (fields: FieldSet) =>
  createParser<Filter>({
    parse: (text) => {
      const reading = readFilterText(fields, text);
      return reading.ok ? reading.filter : null;
    },
    serialize: filterText,
    eq: (a, b) => filterText(a) === filterText(b),
  });
