/** Columns of the list of runs that stand for a parameter, a metric or a tag: `param.lr`. */
import type { JsonValue } from "@/pipelines/graph";
import { familyOf } from "@/server/domain/lists/families";
import type { RunListItem } from "@/server/domain/views/runs";

export const FACT_FAMILIES = { param: "Parameter", metric: "Metric", tag: "Tag" } as const;
export type FactFamily = keyof typeof FACT_FAMILIES;

/** The family and name of a fact's column; null for any other. */
export function factColumn(id: string): { readonly family: FactFamily; readonly name: string } | null {
  const member = familyOf(id);
  return member !== null && Object.hasOwn(FACT_FAMILIES, member.family)
    ? { family: member.family as FactFamily, name: member.name }
    : null;
}

/** The value that a run has in a column; undefined when it has none. */
export function factOfRun(run: RunListItem, id: string): JsonValue | undefined {
  const fact = factColumn(id);
  if (fact === null) return undefined;
  if (fact.family === "param") return run.parameters[fact.name];
  return fact.family === "metric" ? run.lastMetrics[fact.name] : run.tags[fact.name];
}

/** A value in one line: numbers with at most six digits after their first, texts as they are. */
export function factText(value: JsonValue): string {
  if (typeof value === "number") return String(Number(value.toPrecision(7)));
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Names of one family among column ids. */
export const namesIn = (ids: readonly string[], family: FactFamily): string[] =>
  ids.flatMap((id) => {
    const fact = factColumn(id);
    return fact?.family === family ? [fact.name] : [];
  });
