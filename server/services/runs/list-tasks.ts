/** Lists tasks of a run page by page: the iterations of a loop, the tasks of an iteration, or all there are. */
import { type ChildFilter, countChildTasks, listChildTasks } from "@/db/queries/child-tasks";
import { findTask, findTaskKey } from "@/db/queries/task-rows";
import type { FindTaskInput, ListTasksInput } from "@/server/domain/inputs/tasks";
import { ProblemError } from "@/server/domain/problem-error";
import type { PageView } from "@/server/domain/views/shared";
import type { TaskSummary, TaskView } from "@/server/domain/views/tasks";
import type { Context } from "../context";
import { readCursor } from "../paging";
import { runRow } from "./get-run";
import { getTask } from "./get-task";

/** A page of tasks. Throws `not-found` for a parent of another run, `invalid` for a cursor of another list. */
export function listTasks(context: Context, input: ListTasksInput): PageView<TaskSummary> {
  const { db } = context;
  const runKey = runRow(context, input.runId).key;
  const parent = input.parent === null ? null : findTask(db, input.parent);
  if (parent === undefined || (parent !== null && parent.runKey !== runKey)) {
    throw new ProblemError("not-found", `Run ${input.runId} has no task ${input.parent}.`);
  }
  const filter: ChildFilter = {
    runKey,
    parent: input.parent,
    states: input.states ?? null,
    iteration: input.iteration ?? null,
    isLoop: parent !== null && parent.summary.kind === "loop" && parent.summary.iteration === null,
  };
  const cursor = readCursor(context, "tasks", { ...filter, states: [...(filter.states ?? [])] }, input.cursor);
  const { rows, next } = listChildTasks(db, filter, { after: cursor.after, limit: input.limit });
  const isAll = cursor.after === null && next === null;
  return { items: rows, next: cursor.next(next), total: isAll ? rows.length : countChildTasks(db, filter) };
}

/** The task at a path of a run, whole. Throws `not-found`. */
export async function findTaskAt(context: Context, { runId, path }: FindTaskInput): Promise<TaskView> {
  const key = findTaskKey(context.db, runRow(context, runId).key, path);
  if (key === undefined) throw new ProblemError("not-found", `The run has not reached ${path}.`);
  return getTask(context, key);
}
