/** All tasks of a run, also of one that is too large to be told at once. */
import type { RunView } from "@/server/domain/views/runs";
import type { TaskSummary } from "@/server/domain/views/tasks";
import type { Connection } from "./connection";

const PAGE = 200;

/** The tasks of a run as they were made, parents before children. */
export async function tasksOf({ api }: Connection, run: RunView): Promise<readonly TaskSummary[]> {
  if (run.tasksLeftOut === 0) return run.tasks;
  const tasks: TaskSummary[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await api.tasks.list.query({ runId: run.id, parent: null, limit: PAGE, cursor });
    tasks.push(...page.items);
    cursor = page.next;
  }
  return tasks;
}
