/** Questions of lists that have a filter and an order and nothing else: executions, artifacts. */
import type { TimedQuestion } from "@/db/queries/lists/task-page";
import { type FieldSet, filterProblems } from "@/server/domain/lists/fields";
import type { Filter } from "@/server/domain/lists/filter";
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
