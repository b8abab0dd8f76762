/** A bulk action from the question, with the number that it would reach, to the list of what could not be done. */
"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { FailureList } from "@/components/actions/failure-list";
import type { Target } from "@/components/actions/outcome";
import { formatTotal } from "@/components/data-table/paging";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import type { Filter } from "@/server/domain/lists/filter";
import { callRuns } from "../call-runs";
import { BULK_WORDS, type BulkAction, countRuns } from "./bulk-plan";
import { BULK_START, type BulkProgress, performBulk } from "./bulk-run";
import type { RunChoice } from "./run-filters";

/** Which of all matching runs an action can apply to. */
const APPLIES: { readonly [action in BulkAction]: Filter | null } = {
  archive: null,
  restore: null,
  terminate: { field: "state", is: "in", values: ["pending", "running"] },
  "move to front": { field: "state", is: "in", values: ["pending", "running", "canceling"] },
  retry: { field: "state", is: "in", values: ["failed", "canceled"] },
  delete: { field: "state", is: "in", values: ["succeeded", "failed", "canceled"] },
};

const PAGE = 200;
/** More failures than this are only counted. */
const MOST_LISTED = 500;

/** The runs meant: these, or all that match a choice. */
export type BulkTarget = { readonly runs: readonly Target[] } | { readonly choice: RunChoice };

function applicable(choice: RunChoice, action: BulkAction) {
  const own = APPLIES[action];
  return own === null ? choice : { ...choice, filter: own };
}

export function BulkDialog({
  action,
  target,
  onClose,
}: {
  readonly action: BulkAction;
  readonly target: BulkTarget;
  readonly onClose: (didStart: boolean) => void;
}) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const [progress, setProgress] = useState<BulkProgress | null>(null);
  const stopping = useRef(new AbortController());
  const choice = "choice" in target ? applicable(target.choice, action) : null;
  const counted = useQuery(trpc.runs.count.queryOptions(choice ?? {}, { enabled: choice !== null, staleTime: 0 }));
  const total = "runs" in target ? target.runs.length : counted.data?.total;
  const words = BULK_WORDS[action];

  async function* matching(): AsyncGenerator<readonly Target[]> {
    if (choice === null) return;
    let cursor: string | null = null;
    do {
      const input = { ...choice, parameters: [], limit: PAGE, cursor };
      const page: { items: readonly Target[]; next: string | null } = await client.runs.list.query(input);
      yield page.items;
      cursor = page.next;
    } while (cursor !== null);
  }
  async function* given(runs: readonly Target[]): AsyncGenerator<readonly Target[]> {
    yield runs;
  }
  const start = (pages: AsyncIterable<readonly Target[]>) => {
    stopping.current = new AbortController();
    setProgress(BULK_START);
    const act = (some: readonly Target[]) => callRuns(client, action, some);
    void performBulk(pages, act, setProgress, (error) => callProblem(error).message, stopping.current.signal).then(
      () => {
        void queryClient.invalidateQueries(trpc.runs.pathFilter());
        void queryClient.invalidateQueries(trpc.experiments.pathFilter());
      },
    );
  };
  const failed = progress?.failed.filter(({ id }) => id !== "") ?? [];
  const title =
    progress === null
      ? `${words.verb} ${total === undefined ? "…" : formatTotal(total)} ${total === 1 ? "run" : "runs"}${words.after}?`
      : progress.isOver
        ? `${countRuns(progress.done.length)} ${words.done}`
        : `${words.verb}: ${progress.done.length.toLocaleString("en")} of ${total === undefined ? "…" : formatTotal(total)}`;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose(progress !== null)}>
      <DialogContent
        title={title}
        description={words.note}
        footer={
          progress === null ? (
            <>
              <Button onClick={() => onClose(false)}>Leave them as they are</Button>
              <Button
                look={words.isFinal ? "danger" : "primary"}
                reason={total === 0 ? "It applies to none of them" : total === undefined ? "Still counting" : undefined}
                onClick={() => start("runs" in target ? given(target.runs) : matching())}
              >
                {words.verb} {total === undefined ? "" : formatTotal(total)} {total === 1 ? "run" : "runs"}
              </Button>
            </>
          ) : progress.isOver ? (
            <>
              {failed.length > 0 ? <Button onClick={() => start(given(failed))}>Try again</Button> : null}
              <Button look="primary" onClick={() => onClose(true)}>
                Close
              </Button>
            </>
          ) : (
            <Button onClick={() => stopping.current.abort()}>Stop here</Button>
          )
        }
      >
        {progress === null ? null : <Progress progress={progress} total={total ?? 0} />}
      </DialogContent>
    </Dialog>
  );
}

function Progress({ progress, total }: { readonly progress: BulkProgress; readonly total: number }) {
  const reached = progress.done.length + progress.failed.length;
  return (
    <div className="flex flex-col gap-3">
      <progress
        aria-label="Runs reached"
        className="h-2 w-full accent-accent"
        max={Math.max(total, reached, 1)}
        value={progress.isOver ? Math.max(total, reached, 1) : reached}
      />
      {progress.failed.length > 0 ? (
        <div>
          <p className="text-sm font-medium">{countRuns(progress.failed.length)} could not be changed</p>
          <FailureList failed={progress.failed.slice(0, MOST_LISTED)} className="max-h-48 text-xs" />
        </div>
      ) : null}
    </div>
  );
}
