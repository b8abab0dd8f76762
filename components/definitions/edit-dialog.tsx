/** Changes what people say about a thing: its name, its words and its tags, with a way back. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { pairsOf } from "@/components/ui/pairs-editor";
import { TagFields, tagsOf } from "@/components/ui/tag-fields";
import { toast } from "@/components/ui/toast";

export interface Said {
  readonly name: string;
  readonly description: string;
  readonly tags: { [name: string]: string };
}

interface EditDialogProps {
  readonly said: { readonly name: string; readonly description: string; readonly tags: Readonly<Said["tags"]> };
  /** What the description is called: "Notes". */
  readonly words: { readonly label: string; readonly hint?: string };
  readonly onSave: (said: Said) => Promise<unknown>;
  readonly onClose: () => void;
}

const FORM = "edit-said";

export function EditDialog({ said, words, onSave, onClose }: EditDialogProps) {
  const queryClient = useQueryClient();
  const [before] = useState<Said>(() => ({ name: said.name, description: said.description, tags: { ...said.tags } }));
  const [name, setName] = useState(before.name);
  const [description, setDescription] = useState(before.description);
  const [tags, setTags] = useState(() => pairsOf(before.tags));
  const what = `Name, ${words.label.toLowerCase()} and tags`;
  // Lists, pages and pickers name it too.
  const refresh = () => void queryClient.invalidateQueries();
  const undo = () => {
    onSave(before).then(refresh, (error: unknown) =>
      toast({ tone: "error", title: "It could not be undone", description: callProblem(error).message }),
    );
  };
  const save = useMutation({
    mutationFn: onSave,
    onSuccess: (_, next) => {
      refresh();
      onClose();
      if (JSON.stringify(next) === JSON.stringify(before)) toast({ title: "They are as they were" });
      else toast({ title: `${what} are saved`, action: { label: "Undo", run: undo } });
    },
  });
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title={`Edit ${what[0]?.toLowerCase()}${what.slice(1)}`}
        footer={
          <>
            <DialogClose asChild>
              <Button>Keep as it was</Button>
            </DialogClose>
            <Button look="primary" type="submit" form={FORM} busy={save.isPending}>
              Save
            </Button>
          </>
        }
      >
        <form
          id={FORM}
          noValidate
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate({ name, description, tags: tagsOf(tags) });
          }}
        >
          {save.error ? <ErrorState title="It was not saved" message={callProblem(save.error).message} /> : null}
          <Field id="edit-name" label="Name" required error={name.trim() === "" ? "Give it a name." : undefined}>
            {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field id="edit-words" label={words.label} hint={words.hint}>
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
