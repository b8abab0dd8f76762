/** Changes what people say about a run: its name, its notes and its tags. */
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
import { toast } from "@/components/ui/toast";
import type { RunView } from "@/server/domain/views";

interface Said {
  readonly name: string;
  readonly description: string;
  readonly tags: { [name: string]: string };
}

export function EditRun({ run, onClose }: { readonly run: RunView; readonly onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState(run.name);
  const [description, setDescription] = useState(run.description);
  const [tags, setTags] = useState(() => tagRows(run.tags));
  const before: Said = { name: run.name, description: run.description, tags: { ...run.tags } };
  const update = useMutation(
    trpc.runs.rename.mutationOptions({
      onSuccess: (_, said) => {
        void queryClient.invalidateQueries(trpc.runs.pathFilter());
        onClose();
        const isChange = JSON.stringify(said) !== JSON.stringify({ id: run.id, ...before });
        toast({
          title: isChange ? "Name, notes and tags are saved" : "They are as they were",
          ...(isChange ? { action: { label: "Undo", run: () => update.mutate({ id: run.id, ...before }) } } : {}),
        });
      },
    }),
  );
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title="Name, notes and tags"
        footer={
          <>
            <DialogClose asChild>
              <Button>Keep as it was</Button>
            </DialogClose>
            <Button look="primary" type="submit" form="edit-run" busy={update.isPending}>
              Save
            </Button>
          </>
        }
      >
        <form
          id="edit-run"
          noValidate
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            update.mutate({ id: run.id, name, description, tags: tagsOf(tags) });
          }}
        >
          {update.error ? <ErrorState title="It was not saved" message={callProblem(update.error).message} /> : null}
          <Field id="edit-name" label="Name" required error={name.trim() === "" ? "Give it a name." : undefined}>
            {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field id="edit-notes" label="Notes" hint="What this run was for, and what came of it.">
            {(control) => (
              <Textarea
                {...control}
                rows={5}
                value={description}
                onChange={(event) => setDescription(event.target.value)}
              />
            )}
          </Field>
          <TagFields rows={tags} onChange={setTags} />
        </form>
      </DialogContent>
    </Dialog>
  );
}
