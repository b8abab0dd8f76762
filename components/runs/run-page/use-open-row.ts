/** The open row: one of the run's rows, or a task in a loop that the run's page was not given and reads by itself. */
import { skipToken, useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc/client";
import type { VersionView } from "@/server/domain/views/pipelines";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { type RunRow, stepsByPath, taskRow, unreachedRow } from "./run-rows";
import { namesTask, openRow } from "./selection";
import type { RunUrl } from "./use-run-url";

export interface OpenRow {
  readonly row: RunRow | null;
  readonly task: TaskSummary | undefined;
}

export function useOpenRow(
  run: RunView,
  graph: VersionView["graph"],
  rows: readonly RunRow[],
  url: Pick<RunUrl, "task" | "step">,
  fallback: number | null,
): OpenRow {
  const trpc = useTRPC();
  const listed = openRow(rows, url, fallback);
  const isElsewhere = listed === null;
  const byPath = isElsewhere && url.task === null && url.step !== null && namesTask(url.step) ? url.step : null;
  const found = useQuery(
    trpc.tasks.find.queryOptions(byPath === null ? skipToken : { runId: run.id, path: byPath }, { retry: false }),
  );
  const read = useQuery(
    trpc.tasks.get.queryOptions(isElsewhere && url.task !== null ? { id: url.task } : skipToken, { retry: false }),
  );
  if (listed !== null) return { row: listed, task: run.tasks.find((task) => task.id === listed.task) };
  if (byPath !== null && found.error !== null) return { row: unreachedRow(byPath, graph), task: undefined };
  const task = url.task !== null ? read.data : byPath !== null ? found.data : undefined;
  // A link to a task of another run opens nothing here.
  if (task === undefined || task.runId !== run.id) return { row: null, task: undefined };
  return { row: { ...taskRow(task, stepsByPath(graph)), depth: 0 }, task };
}
