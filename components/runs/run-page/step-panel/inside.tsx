/** What lies in a loop or a group: its iterations, failed ones first, or its tasks; page by page. */
"use client";

import { useState } from "react";
import { Paging } from "@/components/data-table/paging";
import { StepKindIcon } from "@/components/graph/step-kind";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { usePages } from "@/components/trpc/use-pages";
import { useRefresh } from "@/components/trpc/use-refresh";
import { cn } from "@/components/ui/cn";
import { Duration } from "@/components/ui/duration";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Input } from "@/components/ui/input";
import { SkeletonRows } from "@/components/ui/skeleton";
import { isTaskOver, TASK_STATES, type TaskState } from "@/server/domain/states";
import type { TaskCounts, TaskSummary } from "@/server/domain/views/tasks";
import { RunStatus, STATE_LOOKS } from "../../run-status";
import { isLoop, sumOf } from "../../run-tasks";
import { StateIcon } from "../../state-icon";
import { StepBar } from "../../step-bar";

const PAGE = 50;
/** Trouble first, then what goes on: the order of the filters. */
const STATES: readonly TaskState[] = ["failed", "running", "canceling", "queued", ...TASK_STATES];

function Chip({
  state,
  count,
  isOn,
  onClick,
}: {
  readonly state: TaskState | null;
  readonly count: number;
  readonly isOn: boolean;
  readonly onClick: () => void;
}) {
  const look = state === null ? null : STATE_LOOKS[state];
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onClick}
      className={cn(
        "inline-flex h-7 items-center gap-1.5 rounded-full border px-2 text-xs",
        isOn ? "border-accent bg-accent-soft" : "border-line-strong hover:bg-hover",
      )}
    >
      {look === null ? null : <StateIcon shape={look.shape} className={cn("size-3.5", look.text)} />}
      {look?.label ?? "All"} <span className="font-mono text-dim">{count.toLocaleString("en")}</span>
    </button>
  );
}

function Filters({
  counts,
  total,
  state,
  onState,
  iteration,
  onIteration,
}: {
  readonly counts: TaskCounts;
  readonly total: number;
  readonly state: TaskState | null;
  readonly onState: (state: TaskState | null) => void;
  readonly iteration: string;
  readonly onIteration: (text: string) => void;
}) {
  const made = sumOf(counts);
  return (
    <div className="mb-2 flex flex-col gap-2">
      <StepBar counts={counts} total={total} />
      <div className="flex flex-wrap items-center gap-1.5">
        <Chip state={null} count={made} isOn={state === null} onClick={() => onState(null)} />
        {[...new Set(STATES)].map((each) => {
          const count = counts[each] ?? 0;
          return count === 0 && state !== each ? null : (
            <Chip key={each} state={each} count={count} isOn={state === each} onClick={() => onState(each)} />
          );
        })}
        <Input
          type="search"
          inputMode="numeric"
          aria-label="Number of an iteration"
          placeholder="Number"
          value={iteration}
          onChange={(event) => onIteration(event.target.value.replace(/\D/g, "").slice(0, 9))}
          className="ml-auto h-7 w-24 text-xs"
        />
      </div>
      {made < total ? (
        <p className="text-xs text-faint">
          {(total - made).toLocaleString("en")} more iterations begin when there is room for them.
        </p>
      ) : null}
    </div>
  );
}

function TaskLine({ task, onOpen }: { readonly task: TaskSummary; readonly onOpen: (task: TaskSummary) => void }) {
  return (
    <li className="border-b border-line/60">
      <button
        type="button"
        onClick={() => onOpen(task)}
        className="flex min-h-8 w-full items-center gap-2 px-1 text-left text-sm -outline-offset-2 hover:bg-hover"
      >
        {task.iteration === null ? (
          <>
            <StepKindIcon kind={task.kind} />
            <span className="min-w-0 truncate">{task.name}</span>
          </>
        ) : (
          <span className="w-14 shrink-0 font-mono text-xs">[{task.iteration}]</span>
        )}
        <RunStatus state={task.state} reason={task.reason} className={task.iteration === null ? "ml-auto" : ""} />
        {task.iteration === null ? null : (
          <span className="min-w-0 flex-1 truncate text-xs text-dim">{task.reason?.message}</span>
        )}
        <Duration from={task.startedAt} to={task.finishedAt} className="w-16 text-right text-dim" />
      </button>
    </li>
  );
}

export function Inside({
  runId,
  task,
  counts,
  state,
  onState,
  onOpen,
}: {
  readonly runId: string;
  readonly task: TaskSummary;
  /** Iterations by state, for a loop. */
  readonly counts: TaskCounts;
  readonly state: TaskState | null;
  readonly onState: (state: TaskState | null) => void;
  readonly onOpen: (task: TaskSummary) => void;
}) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const [iteration, setIteration] = useState("");
  const isOfLoop = isLoop(task);
  const input = {
    runId,
    parent: task.id,
    limit: PAGE,
    ...(isOfLoop && state !== null ? { states: [state] } : {}),
    ...(isOfLoop && iteration !== "" ? { iteration: Number(iteration) } : {}),
  };
  const query = usePages([...trpc.tasks.list.queryKey(input), "pages"], (cursor, signal) =>
    client.tasks.list.query({ ...input, cursor }, { signal }),
  );
  useRefresh(isTaskOver(task.state) ? [] : [`run:${runId}`], [trpc.tasks.list.pathFilter()], 1000);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.total ?? 0;
  return (
    <div className="scroll-thin h-full overflow-y-auto px-4 py-3">
      {isOfLoop ? (
        <Filters
          counts={counts}
          total={task.iterationCount ?? 0}
          state={state}
          onState={onState}
          iteration={iteration}
          onIteration={setIteration}
        />
      ) : null}
      {query.isPending ? <SkeletonRows rows={5} label="Loading" /> : null}
      {query.error && !query.data ? (
        <ErrorState message={callProblem(query.error).message} onRetry={() => void query.refetch()} />
      ) : null}
      {query.data && items.length === 0 ? (
        <Nothing task={task} isFiltered={state !== null || iteration !== ""} />
      ) : null}
      {items.length > 0 ? (
        <>
          <ul aria-label={isOfLoop ? "Iterations" : "Tasks"}>
            {items.map((each) => (
              <TaskLine key={each.id} task={each} onOpen={onOpen} />
            ))}
          </ul>
          <Paging
            shown={items.length}
            total={total}
            what={isOfLoop ? "iterations" : "tasks"}
            hasNext={query.hasNextPage}
            isLoading={query.isFetchingNextPage}
            onNext={() => void query.fetchNextPage()}
          />
        </>
      ) : null}
    </div>
  );
}

function Nothing({ task, isFiltered }: { readonly task: TaskSummary; readonly isFiltered: boolean }) {
  if (!isLoop(task)) return <EmptyState title="No tasks">Nothing in this group was reached.</EmptyState>;
  if (isFiltered) return <EmptyState title="No iteration matches">Choose another state or number.</EmptyState>;
  return task.iterationCount === 0 ? (
    <EmptyState title="No iterations">The loop was given an empty list, so there was nothing to do.</EmptyState>
  ) : (
    <EmptyState title="No iterations yet">They are made when the loop is reached.</EmptyState>
  );
}
