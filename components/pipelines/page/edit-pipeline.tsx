/** Changes the name, the description and the tags of a pipeline. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { TagFields, tagRows, tagsOf } from "@/components/ui/tag-fields";
import type { PipelineSummary } from "@/server/domain/views";

export function EditPipeline({
  pipeline,
  open,
  onOpenChange,
}: {
  readonly pipeline: PipelineSummary;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState(pipeline.name);
  const [description, setDescription] = useState(pipeline.description);
  const [tags, setTags] = useState(() => tagRows(pipeline.tags));
  const update = useMutation(
    trpc.pipelines.update.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.pipelines.pathFilter());
        onOpenChange(false);
      },
    }),
  );
  const save = () => {
    update.mutate({ id: pipeline.id, name, description, tags: tagsOf(tags) });
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Edit pipeline"
        footer={
          <>
            <DialogClose asChild>
              <Button>Keep as it was</Button>
            </DialogClose>
            <Button look="primary" type="submit" form="edit-pipeline" busy={update.isPending}>
              Save
            </Button>
          </>
        }
      >
        <form
          id="edit-pipeline"
          noValidate
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          {update.error ? <ErrorState title="It was not saved" message={callProblem(update.error).message} /> : null}
          <Field id="edit-name" label="Name" required error={name.trim() === "" ? "Give it a name." : undefined}>
            {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field id="edit-description" label="Description">
            {(control) => (
              <Textarea {...control} value={description} onChange={(event) => setDescription(event.target.value)} />
            )}
          </Field>
          <TagFields rows={tags} onChange={setTags} />
        </form>
      </DialogContent>
    </Dialog>
  );
}
