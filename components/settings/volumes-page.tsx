/** Volumes: named directories that steps may use. */
"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { HardDrive, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/time";
import { toast } from "@/components/ui/toast";
import type { VolumeView } from "@/server/domain/views/surroundings";
import { Loaded } from "./loaded";
import { SettingsFrame } from "./settings-frame";
import { VolumeDialog } from "./volume-dialog";

/** Deleting forgets the name alone; the files stay, so a directory of the machine can be named again. */
function useRemoveVolume() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const settled = { onSettled: () => void queryClient.invalidateQueries(trpc.volumes.pathFilter()) };
  const restore = useMutation(trpc.volumes.save.mutationOptions(settled));
  return useMutation(
    trpc.volumes.remove.mutationOptions({
      ...settled,
      onSuccess: ({ name, description, path, isManaged }) =>
        toast({
          title: `Volume ${name} deleted`,
          description: `Its files stay in ${path}.`,
          ...(isManaged ? {} : { action: { label: "Undo", run: () => restore.mutate({ name, description, path }) } }),
        }),
      onError: (error) =>
        toast({ tone: "error", title: "It was not deleted", description: callProblem(error).message }),
    }),
  );
}

export function VolumesPage() {
  const trpc = useTRPC();
  const query = useQuery(trpc.volumes.list.queryOptions());
  const [editing, setEditing] = useState<VolumeView | "new" | null>(null);
  const remove = useRemoveVolume();
  useRefresh(["system"], [trpc.volumes.list.queryFilter()], 1000);
  const create = (
    <Button look="primary" onClick={() => setEditing("new")}>
      <Plus />
      Create volume
    </Button>
  );
  return (
    <SettingsFrame
      title="Volumes"
      note="A volume is a directory with a name. Pipelines ask for it by that name and keep files there between runs."
      actions={query.data?.length === 0 ? undefined : create}
    >
      <Loaded query={query} what="volumes">
        {(volumes) =>
          volumes.length === 0 ? (
            <EmptyState icon={<HardDrive />} title="No volumes yet" actions={create}>
              A step that mounts a claim named “data” finds the volume of that name.
            </EmptyState>
          ) : (
            <ul aria-label="Volumes" className="max-w-4xl rounded-md border border-line">
              {volumes.map((volume) => (
                <li
                  key={volume.name}
                  className="flex flex-wrap items-center gap-x-3 gap-y-0.5 border-b border-line/60 px-3 py-2 last:border-0"
                >
                  <h2 className="font-mono text-sm font-medium [overflow-wrap:anywhere]">{volume.name}</h2>
                  {volume.isManaged ? <Badge>kept by Penstock</Badge> : null}
                  <span className="ml-auto text-xs text-dim">
                    created <RelativeTime at={volume.createdAt} />
                  </span>
                  <span className="flex">
                    <IconButton size="sm" label={`Edit ${volume.name}`} onClick={() => setEditing(volume)}>
                      <Pencil />
                    </IconButton>
                    <IconButton
                      size="sm"
                      label={`Delete ${volume.name}`}
                      onClick={() => remove.mutate({ name: volume.name })}
                    >
                      <Trash2 />
                    </IconButton>
                  </span>
                  <p className="flex w-full items-center gap-1 font-mono text-xs text-dim">
                    <span className="min-w-0 truncate" title={volume.path}>
                      {volume.path}
                    </span>
                    <CopyButton text={volume.path} label={`Copy the path of ${volume.name}`} />
                  </p>
                  {volume.description ? <p className="w-full text-sm text-dim">{volume.description}</p> : null}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {editing === null ? null : (
        <VolumeDialog volume={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
    </SettingsFrame>
  );
}
