/** What a reader of a comparison should know first: runs that are left out, and a baseline that is not among them. */
import { Star, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { type ComparisonView, MOST_COMPARED } from "@/server/domain/views/compare";
import type { ComparedRunActions } from "./use-compared-runs";

const runsWord = (count: number): string => (count === 1 ? "1 run" : `${count} runs`);

/** Baselines of the runs' experiments that are not compared, each once. */
function absentBaselines({ runs }: ComparisonView) {
  const there = new Set(runs.map((run) => run.id));
  const absent = new Map(
    runs.flatMap((run) =>
      run.baseline === null || there.has(run.baseline.id)
        ? []
        : [[run.baseline.id, { ...run.baseline, experiment: run.experiment.name }] as const],
    ),
  );
  return [...absent.values()];
}

export function CompareNotes({
  view,
  refused,
  actions,
}: {
  readonly view: ComparisonView;
  /** How many runs more than fit were asked for. */
  readonly refused: number;
  readonly actions: ComparedRunActions;
}) {
  const hasRoom = view.runs.length < MOST_COMPARED;
  return (
    <>
      {refused > 0 ? (
        <p role="alert" className="rounded-md bg-queued-soft px-3 py-1.5 text-sm text-queued">
          At most {MOST_COMPARED} runs are compared at once, so the last {runsWord(refused)} of this link{" "}
          {refused === 1 ? "is" : "are"} left out. Take one out to make room.
        </p>
      ) : null}
      {view.missing.map((id) => (
        <p
          key={id}
          role="alert"
          className="flex items-center gap-2 rounded-md bg-queued-soft px-3 py-1 text-sm text-queued"
        >
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            There is no run {id}: it was deleted, or the link is not whole. It is left out.
          </span>
          <Button size="sm" look="ghost" onClick={() => actions.remove(id)}>
            <X /> Forget it
          </Button>
        </p>
      ))}
      {hasRoom
        ? absentBaselines(view).map((baseline) => (
            <p key={baseline.id} className="flex flex-wrap items-center gap-2 text-sm text-dim">
              <Star aria-hidden className="size-4 text-accent" />
              {baseline.name} is the baseline of {baseline.experiment}.
              <Button size="sm" look="ghost" onClick={() => actions.add(baseline.id)}>
                Add it
              </Button>
            </p>
          ))
        : null}
    </>
  );
}
