/** What lists are asked: their filter, checked, and for those that have a filter and an order and nothing else (executions, artifacts) the whole question. */
import type { TimedQuestion } from "@/db/queries/lists/task-page";
import { type FieldSet, filterProblems } from "@/server/domain/lists/fields";
import { allFilters, type Filter } from "@/server/domain/lists/filter";
import { readFilterText } from "@/server/domain/lists/filter-text";
import { ProblemError } from "@/server/domain/problem-error";
import type { Context } from "../context";
import { type Cursor, readCursor } from "../paging";

export interface RecordRequest {
  readonly filter?: Filter | undefined;
  readonly sort: string;
  readonly direction: "asc" | "desc";
  readonly limit: number;
  readonly cursor?: string | null | undefined;
}

/** The filter itself. Throws `invalid` with a problem for each comparison that cannot be asked. */
export function checkedFilter(fields: FieldSet, filter: Filter | undefined): Filter | undefined {
  const problems = filter === undefined ? [] : filterProblems(fields, filter);
  const [first] = problems;
  if (first !== undefined) throw new ProblemError("invalid", first.message, problems);
  return filter;
}

/** A filter in its text form. Throws `invalid` with the place of what cannot be read. */
function writtenFilter(fields: FieldSet, text: string | undefined): Filter | null {
  const reading = readFilterText(fields, text ?? "");
  if (reading.ok) return reading.filter;
  const { at, message } = reading.problem;
  const words = `The filter cannot be read at character ${at + 1}: ${message}`;
  throw new ProblemError("invalid", words, [
    { severity: "error", stage: "run", place: `where:${at + 1}`, rule: "filter", message },
  ]);
}

/** What a filter and its text form ask together. Throws `invalid`. */
export const askedFilter = (
  fields: FieldSet,
  { filter, where }: { readonly filter?: Filter | undefined; readonly where?: string | undefined },
): Filter | undefined =>
  allFilters([writtenFilter(fields, where), checkedFilter(fields, filter)].flatMap((each) => each ?? []));

/** The question of a page and the cursor that leads on. Throws `invalid` for a cursor of another question. */
export function timedQuestion(
  context: Context,
  list: string,
  { filter, sort, direction, limit, cursor: given }: RecordRequest,
): { readonly question: TimedQuestion; readonly cursor: Cursor } {
  const cursor = readCursor(context, list, { sort, direction, filter: JSON.stringify(filter ?? null) }, given);
  const nowMs = context.now().getTime();
  return { question: { filter, sort, direction, limit, after: cursor.after, nowMs }, cursor };
}
