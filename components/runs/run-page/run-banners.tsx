/** Between title and content: what failed first and why, why the run waits, and what it does not do though asked to. */
"use client";

import { Info } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import type { RunView } from "@/server/domain/views/runs";
import { StateIcon } from "../state-icon";
import { REASON_WORDS } from "../why/reason-words";
import { iterationText } from "./iteration-path";

/** What failed first, as one line that leads there. */
export function FailureLine({ run, onOpen }: { readonly run: RunView; readonly onOpen: (task: number) => void }) {
  const failed = run.tasks.find((task) => task.id === run.firstFailure);
  if (failed === undefined) {
    if (run.state !== "failed" || run.reason === null) return null;
    return <p className="rounded-md bg-failed-soft px-3 py-2 text-sm text-failed">{run.reason.message}</p>;
  }
  const others = Math.max(0, (run.taskCounts.failed ?? 0) - 1);
  const omitted = run.taskCounts.omitted ?? 0;
  const iteration = iterationText(failed.step);
  const aside = [
    others > 0 ? `${others.toLocaleString("en")} more failed` : null,
    omitted > 0 ? `${omitted.toLocaleString("en")} omitted` : null,
  ].filter((text) => text !== null);
  return (
    <button
      type="button"
      onClick={() => onOpen(failed.id)}
      className="flex w-full items-start gap-2 rounded-md bg-failed-soft px-3 py-2 text-left text-sm hover:outline-1 hover:outline-failed/40"
    >
      <StateIcon shape="failed" className="mt-0.5 text-failed" />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <span className="font-medium">
          First failure: {failed.name}
          {iteration === "" ? null : (
            <>
              {" "}
              <span className="font-mono text-xs">{iteration}</span>
            </>
          )}
        </span>
        {failed.reason === null ? null : <span className="text-dim"> — {failed.reason.message}</span>}
      </span>
      {aside.length > 0 ? (
        <span className="shrink-0 text-xs leading-5 text-dim max-md:hidden">{aside.join(", ")}</span>
      ) : null}
    </button>
  );
}

/** Why a run waits, is being ended or was ended; a failed one has its failure line. */
export function RunWhy({ run }: { readonly run: RunView }) {
  const { state, reason, recurringRun } = run;
  if (reason === null || state === "failed") return null;
  const { head, then } = REASON_WORDS[reason.code];
  return (
    <div role="note" aria-label="What holds the run" className="rounded-md bg-sunken px-3 py-2 text-sm">
      <span className="font-medium">{head}.</span> {reason.message}{" "}
      {reason.code === "overlap" && recurringRun !== null ? (
        <Link
          href={`/recurring-runs/${recurringRun.id}?tab=runs`}
          className="text-accent underline decoration-1 underline-offset-2"
        >
          Runs of {recurringRun.name}
        </Link>
      ) : null}
      {then === null ? null : <p className="text-dim">{then}</p>}
    </div>
  );
}

/** Remarks about the run; folded when there are many. */
export function Notices({ notices }: { readonly notices: RunView["notices"] }) {
  const [isOpen, setOpen] = useState(false);
  if (notices.length === 0) return null;
  const shown = isOpen ? notices : notices.slice(0, 2);
  return (
    <div
      role="note"
      className="flex items-start gap-2 rounded-md border border-line bg-sunken px-3 py-2 text-sm text-dim"
    >
      <Info aria-hidden className="mt-0.5 size-4 shrink-0 text-queued" />
      <div className="min-w-0 flex-1">
        <ul className="scroll-thin flex max-h-40 flex-col gap-0.5 overflow-y-auto">
          {shown.map((notice) => (
            <li key={`${notice.code} ${notice.step ?? ""} ${notice.message}`}>
              {notice.step === null ? null : <span className="font-mono text-xs text-ink">{notice.step} </span>}
              {notice.message}
            </li>
          ))}
        </ul>
        {notices.length > 2 ? (
          <button type="button" onClick={() => setOpen(!isOpen)} className="text-xs text-accent hover:underline">
            {isOpen ? "Show fewer" : `Show ${notices.length - 2} more remarks`}
          </button>
        ) : null}
      </div>
    </div>
  );
}
