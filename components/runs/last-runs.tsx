/** The last results of something that has runs, the newest at the right; each leads to its run. */
import Link from "next/link";
import type { RunState } from "@/server/domain/states";
import { RunStatus, STATE_LOOKS } from "./run-status";

export interface LastRun {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
}

/** `runs` begin with the newest. */
export function LastRuns({ runs }: { readonly runs: readonly LastRun[] }) {
  if (runs.length === 0) return <span className="text-faint">none yet</span>;
  return (
    <ul className="flex gap-0.5">
      {runs.toReversed().map(({ id, name, state }) => (
        <li key={id}>
          <Link
            href={`/runs/${id}`}
            title={`${name}: ${STATE_LOOKS[state].label.toLowerCase()}`}
            className="relative grid size-[24px] place-items-center rounded-sm hover:bg-hover"
          >
            <RunStatus state={state} compact />
            <span className="sr-only">: {name}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
