/** Filters of lists as trees: comparisons of fields joined by all, any and not, as the API takes and the address spells them. */
export type FilterValue = string | number;

export const ORDERS = ["=", "!=", ">", ">=", "<", "<="] as const;
export type Order = (typeof ORDERS)[number];

/** One condition on a field. A value that is absent equals nothing, so that `!=` and `not` hold for it. */
export type Comparison =
  | { readonly field: string; readonly is: Order; readonly value: FilterValue }
  | { readonly field: string; readonly is: "contains"; readonly value: string }
  | { readonly field: string; readonly is: "in"; readonly values: readonly FilterValue[] }
  | { readonly field: string; readonly is: "set" };
export type Operator = Comparison["is"];

export type Filter =
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly not: Filter }
  | Comparison;

/** How deep a filter nests at most, as text and as a tree. */
export const MAX_DEPTH = 12;

/** Every comparison of a filter, from left to right. */
export function comparisonsOf(filter: Filter): readonly Comparison[] {
  if ("all" in filter) return filter.all.flatMap(comparisonsOf);
  if ("any" in filter) return filter.any.flatMap(comparisonsOf);
  return "not" in filter ? comparisonsOf(filter.not) : [filter];
}

/** What all has to hold at once: the parts of an outermost *all*, else the filter itself. */
export function conjunctsOf(filter: Filter | undefined): readonly Filter[] {
  if (filter === undefined) return [];
  return "all" in filter ? filter.all.flatMap(conjunctsOf) : [filter];
}

/** Filters joined by *all*; undefined when there are none. */
export function allFilters(filters: readonly Filter[]): Filter | undefined {
  return filters.length > 1 ? { all: filters } : filters[0];
}
