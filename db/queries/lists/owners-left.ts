/** Which pipelines and experiments a comparison of runs leaves: the owners whose runs are walked, or counted, at all. */
import { type SQL, sql } from "drizzle-orm";
import { experiment, pipeline } from "@/db/schema";
import type { Comparison } from "@/server/domain/lists/filter";

const equal = (comparison: Comparison, field: string): string | null =>
  comparison.field === field && comparison.is === "=" ? String(comparison.value) : null;

/** The keys of the pipelines that a comparison leaves, those in the trash too; null when it does not speak of them. */
export function pipelinesLeft(comparison: Comparison): SQL | null {
  const name = equal(comparison, "pipeline");
  if (name !== null) return sql`(select o.key from ${pipeline} o where o.display_name = ${name})`;
  const id = equal(comparison, "pipelineId");
  return id === null ? null : sql`(select o.key from ${pipeline} o where o.id = ${id})`;
}

/** The same for experiments. */
export function experimentsLeft(comparison: Comparison): SQL | null {
  const name = equal(comparison, "experiment");
  if (name !== null) return sql`(select o.key from ${experiment} o where o.name = ${name})`;
  const id = equal(comparison, "experimentId");
  return id === null ? null : sql`(select o.key from ${experiment} o where o.id = ${id})`;
}
