/** The page that takes a pipeline: files, folder or archive in; a version, its problems and its gaps out. */
"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { CopyAsButton } from "@/components/copy-as/copy-as-button";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SNIPPETS } from "@/server/domain/snippets";
import type { UploadView } from "@/server/domain/views/pipelines";
import { ProblemList } from "../problem-list";
import { addFiles, type PickedFile } from "./collect-files";
import { DropZone } from "./drop-zone";
import { PickedFiles } from "./picked-files";
import { UploadRefused } from "./send-files";
import { UploadProgress } from "./upload-progress";
import { UploadResult } from "./upload-result";
import { useUpload } from "./use-upload";

const NO_FILES: readonly PickedFile[] = [];

export function UploadPage() {
  const trpc = useTRPC();
  const [pipelineId] = useQueryState("pipeline", parseAsString);
  const pipeline = useQuery(trpc.pipelines.get.queryOptions(pipelineId ? { id: pipelineId } : skipToken)).data;
  const [files, setFiles] = useState(NO_FILES);
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [result, setResult] = useState<UploadView | null>(null);
  const upload = useUpload(setResult);
  const title = pipeline ? `New version of ${pipeline.name}` : "Upload a pipeline";
  const add = (added: readonly PickedFile[]) => {
    upload.reset();
    setFiles((before) => addFiles(before, added));
  };
  const send = () => upload.mutate({ target: pipelineId ? { pipelineId } : { name, description }, files });
  const again = () => {
    setResult(null);
    setFiles(NO_FILES);
    upload.reset();
  };
  const paths = files.map(({ path }) => path);
  const snippets = (origin: string) =>
    pipelineId === null
      ? SNIPPETS.uploadPipeline(origin, { files: paths, name, description })
      : SNIPPETS.uploadVersion(origin, {
          pipelineId,
          files: paths,
          name: `${pipeline?.name ?? "version"} ${(pipeline?.versionCount ?? 0) + 1}`,
        });
  const count = files.length === 1 ? "1 file" : `${files.length} files`;
  return (
    <Page className="max-w-3xl">
      <Crumbs
        items={[
          { label: "Pipelines", href: "/pipelines" },
          ...(pipeline ? [{ label: pipeline.name, href: `/pipelines/${pipeline.id}` }] : []),
          { label: pipeline ? "New version" : "Upload" },
        ]}
      />
      <PageTitle title={title} />
      {result ? (
        <UploadResult result={result} onCompleted={setResult} onAgain={again} />
      ) : (
        <>
          <DropZone
            title={files.length > 0 ? "Add more files" : "Drop your pipeline here"}
            compact={files.length > 0}
            onFiles={add}
          >
            {files.length > 0
              ? null
              : "A .pipeline with the notebooks and scripts it names, a compiled Kubeflow pipeline (.yaml, .json), a single notebook, or a zip or tar.gz of any of them."}
          </DropZone>
          {files.length > 0 ? (
            <>
              <PickedFiles
                files={files}
                onRemove={(path) => setFiles((before) => before.filter((each) => each.path !== path))}
              />
              {pipelineId ? null : (
                <div className="grid gap-4 sm:grid-cols-2">
                  <Field id="pipeline-name" label="Name" hint="Left empty, the file gives it.">
                    {(control) => (
                      <Input
                        {...control}
                        value={name}
                        maxLength={128}
                        onChange={(event) => setName(event.target.value)}
                      />
                    )}
                  </Field>
                  <Field id="pipeline-description" label="Description">
                    {(control) => (
                      <Input
                        {...control}
                        value={description}
                        onChange={(event) => setDescription(event.target.value)}
                      />
                    )}
                  </Field>
                </div>
              )}
              {upload.isPending ? (
                <UploadProgress share={upload.share} onStop={upload.stop} />
              ) : (
                <div className="flex gap-2">
                  <Button look="primary" onClick={send}>
                    Upload {count}
                  </Button>
                  <Button look="ghost" onClick={again}>
                    Start over
                  </Button>
                  <CopyAsButton isNamed of="these files" choices={[{ label: "Upload", snippets }]} />
                </div>
              )}
            </>
          ) : null}
          {upload.error ? (
            <div className="flex flex-col gap-2">
              <ErrorState
                title="The pipeline was not taken, and nothing was stored"
                message={callProblem(upload.error).message}
              />
              {upload.error instanceof UploadRefused && upload.error.problems.length > 0 ? (
                <ProblemList problems={upload.error.problems} label="Why the pipeline was not taken" />
              ) : null}
            </div>
          ) : null}
        </>
      )}
    </Page>
  );
}
