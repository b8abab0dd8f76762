/** What an Incomplete version still lacks, and the place to add it. */
"use client";

import { FileQuestion } from "lucide-react";
import { callProblem } from "@/components/trpc/problem";
import { ErrorState } from "@/components/ui/error-state";
import type { UploadView } from "@/server/domain/views/pipelines";
import { ProblemList } from "../problem-list";
import { DropZone } from "./drop-zone";
import { UploadRefused } from "./send-files";
import { UploadProgress } from "./upload-progress";
import { useUpload } from "./use-upload";

export function MissingFiles({
  versionId,
  missing,
  onDone,
}: {
  readonly versionId: string;
  readonly missing: readonly string[];
  readonly onDone?: (view: UploadView) => void;
}) {
  const upload = useUpload(onDone);
  return (
    <section className="flex flex-col gap-3">
      <h3 className="text-sm font-medium">
        {missing.length === 1 ? "1 file is missing" : `${missing.length} files are missing`}
      </h3>
      <ul className="flex flex-col gap-1">
        {missing.map((path) => (
          <li key={path} className="flex items-center gap-2 font-mono text-xs break-all">
            <FileQuestion aria-hidden className="size-4 shrink-0 text-queued" />
            {path}
          </li>
        ))}
      </ul>
      {upload.isPending ? (
        <UploadProgress share={upload.share} onStop={upload.stop} />
      ) : (
        <DropZone
          compact
          title="Drop them here"
          onFiles={(files) => {
            if (files.length > 0) upload.mutate({ target: { versionId }, files });
          }}
        >
          A file finds its place by its path, or by its name where only one is missing under that name.
        </DropZone>
      )}
      {upload.error ? (
        <>
          <ErrorState title="The files were not taken" message={callProblem(upload.error).message} />
          {upload.error instanceof UploadRefused && upload.error.problems.length > 0 ? (
            <ProblemList problems={upload.error.problems} label="Why the files were not taken" />
          ) : null}
        </>
      ) : null}
    </section>
  );
}
