/** The rows of a page of runs with their parameters, metrics and tags: one statement, and no more bytes than a list needs. */
import { inArray, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { run, runMetric, runParameter, runTag } from "@/db/schema";
import type { JsonValue } from "@/pipelines/graph";
import type { RunListItem } from "@/server/domain/views/runs";
import { runSummary, selectRuns } from "../run-rows";

/** Which facts the rows carry. */
export interface RunFacts {
  /** Names; null for every parameter, whole. */
  readonly parameters: readonly string[] | null;
  readonly metrics: readonly string[];
  /** Values and texts uncut, for a file. */
  readonly isWhole?: boolean;
}

/** Longer texts are cut in lists; their own pages show them whole. */
const LIST_TEXT = 300;

const DESCRIPTION = sql<string>`substr(${run.description}, 1, ${LIST_TEXT})`.as("brief_description");
const REASON =
  sql`case when ${run.reason} is null or length(${run.reason}) <= ${LIST_TEXT * 2} or not json_valid(${run.reason}) then ${run.reason} else json_object(
  'code', json_extract(${run.reason}, '$.code'),
  'message', substr(json_extract(${run.reason}, '$.message'), 1, ${LIST_TEXT}) || '…', 'subject', null) end`
    .mapWith(run.reason)
    .as("brief_reason");

const oneOf = (names: readonly string[]): SQL =>
  sql`(${sql.join(
    names.map((name) => sql`${name}`),
    sql`, `,
  )})`;

const WHOLE = sql`json(case when json_valid(p.value) then p.value else 'null' end)`;
const CUT = sql`json(case when not json_valid(p.value) then 'null' when length(p.value) <= ${LIST_TEXT} then p.value
  else json_quote(substr(p.value, 1, ${LIST_TEXT}) || '…') end)`;

function parametersOf({ parameters: names, isWhole = names === null }: RunFacts): SQL<string> {
  if (names?.length === 0) return sql<string>`'{}'`;
  const named = names === null ? sql`1` : sql`p.name in ${oneOf(names)}`;
  return sql<string>`(select json_group_object(p.name, ${isWhole ? WHOLE : CUT}) from ${runParameter} p
    where p.run_key = ${run.key} and ${named})`;
}

/** SQLite's own JSON writes 15 digits, one or two fewer than a number has. */
function metricsOf(names: readonly string[]): SQL<string> {
  if (names.length === 0) return sql<string>`'{}'`;
  return sql<string>`(select json_group_object(m.name, json(printf('%!.17g', m.value))) from ${runMetric} m
    where m.run_key = ${run.key} and m.name in ${oneOf(names)} and abs(m.value) < 1.0e308)`;
}

const TAGS = sql<string>`(select json_group_object(t.name, t.value) from ${runTag} t where t.run_key = ${run.key})`;

/** The runs with these keys, in their order. */
export function runItems(db: Executor, keys: readonly number[], facts: RunFacts): RunListItem[] {
  if (keys.length === 0) return [];
  const rows = selectRuns(db, {
    briefDescription: DESCRIPTION,
    briefReason: REASON,
    parameters: parametersOf(facts).as("parameters"),
    metrics: metricsOf(facts.metrics).as("metrics"),
    tags: TAGS.as("tags"),
  })
    .where(inArray(run.key, [...keys]))
    .all();
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return keys.flatMap((key) => {
    const row = byKey.get(key);
    if (row === undefined) return [];
    const parameters: { [name: string]: JsonValue } = JSON.parse(row.parameters);
    const brief = facts.isWhole ? row : { ...row, description: row.briefDescription, reason: row.briefReason };
    return [{ ...runSummary(brief, parameters), lastMetrics: JSON.parse(row.metrics), tags: JSON.parse(row.tags) }];
  });
}
