/** Lists executions: the tasks of all runs. */
import type { ListExecutionsInput } from "@/server/domain/inputs/lists";
import { TASK_FIELDS } from "@/server/domain/lists/task-fields";
import type { PageView } from "@/server/domain/views/shared";
import type { ExecutionView } from "@/server/domain/views/tasks";
import type { Context } from "../context";
import { checkedFilter, timedQuestion } from "../lists/record-question";

/** A page of executions. Throws `invalid` for a filter that cannot be asked. */
export async function listExecutions(context: Context, input: ListExecutionsInput): Promise<PageView<ExecutionView>> {
  const filter = checkedFilter(TASK_FIELDS, input.filter);
  const { question, cursor } = timedQuestion(context, "executions", { ...input, filter });
  const page = await context.reading.ask("taskPage", question);
  return { items: page.items, next: cursor.next(page.next), total: page.total };
}
