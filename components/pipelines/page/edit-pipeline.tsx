/** Changes the name, the description and the tags of a pipeline. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button, IconButton } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import type { PipelineSummary } from "@/server/domain/views";

interface TagRow {
  readonly id: number;
  readonly key: string;
  readonly value: string;
}

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
  const [tags, setTags] = useState<readonly TagRow[]>(() =>
    Object.entries(pipeline.tags).map(([key, value], id) => ({ id, key, value })),
  );
  const update = useMutation(
    trpc.pipelines.update.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.pipelines.pathFilter());
        onOpenChange(false);
      },
    }),
  );
  const save = () => {
    const named = tags.filter((tag) => tag.key.trim() !== "").map((tag) => [tag.key.trim(), tag.value.trim()]);
    update.mutate({ id: pipeline.id, name, description, tags: Object.fromEntries(named) });
  };
  const setTag = (id: number, change: Partial<TagRow>) =>
    setTags((before) => before.map((tag) => (tag.id === id ? { ...tag, ...change } : tag)));
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
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-1 text-sm font-medium">Tags</legend>
            {tags.map((tag) => (
              <div key={tag.id} className="flex gap-2">
                <Input
                  aria-label="Tag name"
                  placeholder="team"
                  value={tag.key}
                  onChange={(event) => setTag(tag.id, { key: event.target.value })}
                />
                <Input
                  aria-label="Tag value"
                  placeholder="growth"
                  value={tag.value}
                  onChange={(event) => setTag(tag.id, { value: event.target.value })}
                />
                <IconButton
                  label={`Remove the tag ${tag.key}`}
                  onClick={() => setTags((before) => before.filter((each) => each.id !== tag.id))}
                >
                  <X />
                </IconButton>
              </div>
            ))}
            <Button
              size="sm"
              look="ghost"
              className="self-start"
              onClick={() =>
                setTags((before) => [...before, { id: (before.at(-1)?.id ?? -1) + 1, key: "", value: "" }])
              }
            >
              <Plus />
              Add a tag
            </Button>
          </fieldset>
        </form>
      </DialogContent>
    </Dialog>
  );
}
