/** The cells of a notebook step, read again while they run. */
"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Cells } from "@/components/viewers/cells";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { PanelBody } from "./facts";

/** The helper tells of cells many times a second; a reader sees a difference about twice. */
const LOOK_MS = 600;

export function CellsTab({
  task,
  number,
}: {
  readonly task: TaskSummary;
  /** Of the attempt; 0 where there is none yet. */
  readonly number: number;
}) {
  const trpc = useTRPC();
  const input = { task: task.id, attempt: number };
  const query = useQuery(
    trpc.tasks.cells.queryOptions(number === 0 ? skipToken : input, {
      // What was read before the end lacks the last events: only an answer that says so is the last one.
      refetchInterval: ({ state }) => (state.data?.isComplete ? false : LOOK_MS),
    }),
  );
  if (number === 0) {
    return <EmptyState title="No cells yet">{task.reason?.message ?? "They show here as they run."}</EmptyState>;
  }
  if (query.data === undefined) {
    return query.error ? (
      <ErrorState className="m-3" message={callProblem(query.error).message} onRetry={() => void query.refetch()} />
    ) : (
      <SkeletonRows rows={4} label="Loading the cells" />
    );
  }
  const { cells, isComplete } = query.data;
  if (cells.length === 0) {
    return (
      <EmptyState title={isComplete ? "No cell was run" : "No cells yet"}>
        {isComplete ? "The log says how far the attempt came." : "The kernel is starting. Cells show here as they run."}
      </EmptyState>
    );
  }
  return (
    <PanelBody>
      <Cells key={number} cells={cells} />
    </PanelBody>
  );
}
