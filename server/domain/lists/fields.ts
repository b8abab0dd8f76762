/** What lists can be filtered by: which fields there are, of which kind, and which comparisons a kind allows. */
import type { Problem } from "@/pipelines/graph";
import { familyOf } from "./families";
import type { Comparison, Filter, Operator } from "./filter";
import { readLength, readMoment } from "./moments";

export const FIELD_KINDS = ["text", "word", "number", "moment", "length", "flag", "any", "search"] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

export interface FieldSpec {
  readonly label: string;
  readonly kind: FieldKind;
  /** The only values of a word. */
  readonly words?: readonly string[];
}

/** Fields by name, and families of fields (`param.lr`) by the word before the dot. */
export interface FieldSet {
  readonly fields: { readonly [name: string]: FieldSpec };
  readonly families: { readonly [family: string]: FieldSpec };
}

/** Which comparisons each kind allows; the first is what a new filter begins with. */
export const KIND_OPERATORS: { readonly [kind in FieldKind]: readonly Operator[] } = {
  text: ["contains", "=", "!=", "in", "set"],
  word: ["=", "!=", "in", "set"],
  number: [">=", ">", "<", "<=", "=", "!=", "in", "set"],
  moment: [">=", ">", "<", "<=", "set"],
  length: [">=", ">", "<", "<=", "set"],
  flag: ["="],
  any: ["=", "!=", ">", ">=", "<", "<=", "contains", "in", "set"],
  search: ["contains"],
};

/** What a field is; undefined when the list has none of that name. */
export function fieldSpec(set: FieldSet, field: string): FieldSpec | undefined {
  if (Object.hasOwn(set.fields, field)) return set.fields[field];
  const member = familyOf(field);
  if (member === null || member.name === "" || !Object.hasOwn(set.families, member.family)) return undefined;
  return set.families[member.family];
}

const FLAGS: readonly (string | number)[] = ["true", "false"];
const anyTime = 0;

function badValue(spec: FieldSpec, value: string | number): string | null {
  switch (spec.kind) {
    case "word":
      return spec.words?.includes(String(value)) === false ? `It is one of ${spec.words.join(", ")}.` : null;
    case "number":
      return typeof value === "number" ? null : "Compare it with a number.";
    case "moment":
      return readMoment(value, anyTime) === null
        ? "Write a day or a moment (2026-11-21, 2026-11-21T10:00Z), or how long ago: -24h, -7d."
        : null;
    case "length":
      return readLength(value) === null ? "Write a length of time: 90s, 5m, 1h30m, 2d." : null;
    case "flag":
      return FLAGS.includes(value) ? null : "It is true or false.";
    case "text":
    case "any":
    case "search":
      return null;
  }
}

/** What is wrong with a comparison, for a person; null when it can be asked. */
export function comparisonProblem(set: FieldSet, comparison: Comparison): string | null {
  const spec = fieldSpec(set, comparison.field);
  if (spec === undefined) {
    const families = Object.keys(set.families).map((family) => `${family}.<name>`);
    return `There is no field ${comparison.field}. There are ${[...Object.keys(set.fields), ...families].join(", ")}.`;
  }
  if (!KIND_OPERATORS[spec.kind].includes(comparison.is)) {
    return `${comparison.field} cannot be asked with ${comparison.is}; use ${KIND_OPERATORS[spec.kind].join(" ")}.`;
  }
  if (comparison.is === "set") return null;
  const values = comparison.is === "in" ? comparison.values : [comparison.value];
  for (const value of values) {
    const problem = badValue(spec, value);
    if (problem !== null) return `${comparison.field}: ${problem}`;
  }
  return null;
}

/** Every problem of a filter with its place: `filter.all.1`. */
export function filterProblems(set: FieldSet, filter: Filter, place = "filter"): Problem[] {
  if ("not" in filter) return filterProblems(set, filter.not, `${place}.not`);
  if ("all" in filter) return filter.all.flatMap((part, i) => filterProblems(set, part, `${place}.all.${i}`));
  if ("any" in filter) return filter.any.flatMap((part, i) => filterProblems(set, part, `${place}.any.${i}`));
  const message = comparisonProblem(set, filter);
  return message === null ? [] : [{ severity: "error", stage: "run", place, rule: "filter", message }];
}
