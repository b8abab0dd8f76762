/** What stands over the form of a run: which part of the pipeline it runs, and why the version cannot run. */
import { ProblemList } from "@/components/pipelines/problem-list";
import { Button, ButtonLink } from "@/components/ui/button";
import type { VersionView } from "@/server/domain/views/pipelines";
import type { RunPart } from "./form-values";

/** Which part of the pipeline runs, and the way back to all of it. */
export function PartLine({
  version,
  part,
  onWhole,
}: {
  readonly version: VersionView;
  readonly part: RunPart;
  readonly onWhole: () => void;
}) {
  const name = version.graph.steps.find((step) => step.path === part.step)?.name ?? part.step;
  return (
    <p className="flex items-center gap-2 rounded-md bg-accent-soft px-3 py-1.5 text-sm">
      <span className="min-w-0 flex-1">
        {part.kind === "up-to" ? (
          <>
            Runs up to <span className="font-medium">{name}</span> and leaves out what it does not need.
          </>
        ) : (
          <>
            Runs again from <span className="font-medium">{name}</span>; what stands before it is taken from the run.
          </>
        )}
      </span>
      <Button size="sm" look="ghost" onClick={onWhole}>
        Run everything
      </Button>
    </p>
  );
}

export function Refusals({ version }: { readonly version: VersionView }) {
  const isIncomplete = version.state === "incomplete";
  return (
    <section className="rounded-md border border-queued bg-queued-soft px-4 py-3">
      <h2 className="text-sm font-medium">
        {isIncomplete ? "This version is incomplete" : "This version cannot run here yet"}
      </h2>
      <ProblemList problems={version.refusals} label="Why it cannot run" />
      {isIncomplete && version.pipeline ? (
        <ButtonLink
          size="sm"
          href={`/pipelines/${version.pipeline.id}/versions/${version.number}?tab=files`}
          className="mt-1"
        >
          Add the missing files
        </ButtonLink>
      ) : null}
    </section>
  );
}
