/** What came of an upload: ready to run, or what it still lacks. */
"use client";

import { CircleCheck, TriangleAlert } from "lucide-react";
import { Button, ButtonLink } from "@/components/ui/button";
import type { UploadView } from "@/server/domain/views/pipelines";
import { ProblemList } from "../problem-list";
import { MissingFiles } from "./missing-files";

/** The button that sent the files is gone: what became of them is where the reader goes on. */
function takeFocus(heading: HTMLElement | null): void {
  if (heading !== null && document.activeElement === document.body) heading.focus();
}

export function UploadResult({
  result,
  onCompleted,
  onAgain,
}: {
  readonly result: UploadView;
  readonly onCompleted: (view: UploadView) => void;
  readonly onAgain: () => void;
}) {
  const { pipeline, version, problems, unchanged } = result;
  const isRunnable = version.state === "runnable";
  return (
    <div className="flex flex-col gap-5">
      <div role="status" className="flex items-start gap-3">
        {isRunnable ? (
          <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-succeeded" />
        ) : (
          <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-queued" />
        )}
        <div>
          <h2 ref={takeFocus} tabIndex={-1} className="text-lg font-semibold outline-none">
            {pipeline.name} v{version.number} {isRunnable ? "is ready to run" : "is incomplete"}
          </h2>
          <p className="text-sm text-dim">
            {unchanged
              ? "The same text and files were here already, so no new version was made."
              : isRunnable
                ? "Every file it names is here."
                : "It is stored and can be looked at; it can run once the files it names are here."}
          </p>
        </div>
      </div>
      {isRunnable ? null : (
        <MissingFiles key={version.id} versionId={version.id} missing={version.missing} onDone={onCompleted} />
      )}
      {problems.length > 0 ? <ProblemList problems={problems} label="What was noticed" /> : null}
      <div className="flex flex-wrap gap-2">
        {isRunnable ? (
          <ButtonLink look="primary" href={`/runs/new?version=${version.id}`}>
            Create run
          </ButtonLink>
        ) : (
          <Button look="primary" reason="Files it names are missing; add them above">
            Create run
          </Button>
        )}
        <ButtonLink href={`/pipelines/${pipeline.id}/versions/${version.number}?tab=graph`}>
          Open the pipeline
        </ButtonLink>
        <Button look="ghost" onClick={onAgain}>
          Upload another
        </Button>
      </div>
    </div>
  );
}
