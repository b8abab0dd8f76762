/** Editing of filters as trees: what the builder does to the one it shows. */
import { type FieldSet, fieldSpec, KIND_OPERATORS } from "@/server/domain/lists/fields";
import { type Comparison, conjunctsOf, type Filter, type Operator } from "@/server/domain/lists/filter";

/** A group as the builder shows it: `none` holds where not any of its parts does. */
export type Joint = "all" | "any" | "none";
export interface Group {
  readonly joint: Joint;
  readonly parts: readonly Node[];
}
export type Node = Group | Comparison;

export const isGroup = (node: Node): node is Group => "joint" in node;

/** The builder's tree of a filter. */
function nodeOf(filter: Filter): Node {
  if ("all" in filter) return { joint: "all", parts: filter.all.map(nodeOf) };
  if ("any" in filter) return { joint: "any", parts: filter.any.map(nodeOf) };
  if (!("not" in filter)) return filter;
  const inner = nodeOf(filter.not);
  if (isGroup(inner) && inner.joint === "any") return { joint: "none", parts: inner.parts };
  return { joint: "none", parts: [inner] };
}

/** The root that the builder shows: always a group. */
export function rootOf(filter: Filter | null): Group {
  if (filter === null) return { joint: "all", parts: [] };
  const node = nodeOf(filter);
  return isGroup(node) ? node : { joint: "all", parts: [node] };
}

/** The filter of a tree; groups without parts say nothing. */
export function filterOf(node: Node): Filter | null {
  if (!isGroup(node)) return node;
  const parts = node.parts.map(filterOf).filter((part) => part !== null);
  const [first, ...others] = parts;
  if (first === undefined) return null;
  if (node.joint === "none") return { not: others.length === 0 ? first : { any: parts } };
  if (others.length === 0) return first;
  return node.joint === "all" ? { all: parts } : { any: parts };
}

/** A new comparison of a field, with what its kind begins with. */
export function freshComparison(set: FieldSet, field: string): Comparison {
  const spec = fieldSpec(set, field);
  return withOperator(
    { field, is: "=", value: spec?.words?.[0] ?? "" },
    KIND_OPERATORS[spec?.kind ?? "text"][0] ?? "=",
  );
}

const firstValue = (comparison: Comparison): string | number => {
  if (comparison.is === "set") return "";
  return comparison.is === "in" ? (comparison.values[0] ?? "") : comparison.value;
};

/** The comparison asked another way, its value kept as far as it fits. */
export function withOperator(comparison: Comparison, is: Operator): Comparison {
  const { field } = comparison;
  const value = firstValue(comparison);
  if (is === "set") return { field, is };
  if (is === "in") return { field, is, values: comparison.is === "in" ? comparison.values : [value] };
  return is === "contains" ? { field, is, value: String(value) } : { field, is, value };
}

/** The filter without one of the parts that have to hold at once. */
export function withoutConjunct(filter: Filter, index: number): Filter | null {
  const rest = conjunctsOf(filter).filter((_, at) => at !== index);
  const [first, ...others] = rest;
  return first === undefined ? null : others.length === 0 ? first : { all: rest };
}
