/** Makes a volume, or changes where one lies and what is said about it. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { SaveVolumeInput } from "@/server/domain/inputs/surroundings";
import type { VolumeView } from "@/server/domain/views/surroundings";

export function VolumeDialog({
  volume,
  onClose,
}: {
  /** Null makes a new one. */
  readonly volume: VolumeView | null;
  readonly onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState(volume?.name ?? "");
  const [path, setPath] = useState(volume === null || volume.isManaged ? "" : volume.path);
  const [description, setDescription] = useState(volume?.description ?? "");
  const [wasTried, setWasTried] = useState(false);
  const save = useMutation(
    trpc.volumes.save.mutationOptions({
      onSuccess: (saved) => {
        toast({ title: `Volume ${saved.name} saved` });
        onClose();
      },
      onSettled: () => void queryClient.invalidateQueries(trpc.volumes.pathFilter()),
    }),
  );
  const read = SaveVolumeInput.safeParse({
    name,
    description: description.trim(),
    ...(path.trim() === "" ? {} : { path: path.trim() }),
  });
  const problemOf = (field: string) =>
    wasTried && !read.success ? read.error.issues.find((issue) => issue.path[0] === field)?.message : undefined;
  const submit = () => {
    setWasTried(true);
    if (read.success && !save.isPending) save.mutate(read.data);
  };
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title={volume === null ? "Create volume" : `Edit ${volume.name}`}
        footer={
          <>
            <Button onClick={onClose}>Leave</Button>
            <Button look="primary" type="submit" form="volume-form" busy={save.isPending}>
              {volume === null ? "Create volume" : "Save"}
            </Button>
          </>
        }
      >
        <form
          id="volume-form"
          noValidate
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          {save.error ? <ErrorState title="It was not saved" message={callProblem(save.error).message} /> : null}
          {volume === null ? (
            <Field
              id="volume-name"
              label="Name"
              required
              error={problemOf("name")}
              hint="As pipelines name the claim: lower-case letters, digits, dots and dashes."
            >
              {(control) => (
                <Input
                  {...control}
                  value={name}
                  className="font-mono text-xs"
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
          ) : null}
          <Field
            id="volume-path"
            label="Directory"
            error={problemOf("path")}
            hint={
              volume?.isManaged
                ? "Penstock keeps its directory. Another one leaves the files where they are."
                : "On the machine that runs the steps. Left empty, Penstock makes one and keeps it."
            }
          >
            {(control) => (
              <Input
                {...control}
                value={path}
                placeholder={volume?.isManaged ? volume.path : "/srv/data"}
                className="font-mono text-xs"
                onChange={(event) => setPath(event.target.value)}
              />
            )}
          </Field>
          <Field id="volume-description" label="Description">
            {(control) => (
              <Input {...control} value={description} onChange={(event) => setDescription(event.target.value)} />
            )}
          </Field>
        </form>
      </DialogContent>
    </Dialog>
  );
}
