/** Saved views of a list: open, save as, save what changed, delete with undo. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTRPC, useTRPCClient } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Button, IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import type { ListName } from "@/server/domain/lists/list-names";
import type { SavedView } from "@/server/domain/views/lists";

export interface ViewsPanelProps {
  readonly list: ListName;
  readonly views: readonly SavedView[];
  /** The one that is open. */
  readonly current: SavedView | null;
  readonly isChanged: boolean;
  /** What stands in the address now. */
  readonly query: string;
  readonly onOpen: (view: SavedView | null) => void;
}

export function ViewsPanel({ list, views, current, isChanged, query, onOpen }: ViewsPanelProps) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const refresh = () => queryClient.invalidateQueries(trpc.views.pathFilter());
  const onError = (error: unknown) =>
    toast({ tone: "error", title: "The view was not saved", description: callProblem(error).message });
  const save = useMutation({
    mutationFn: (given: { readonly id?: string; readonly name: string }) =>
      client.views.save.mutate({ list, query, ...given }),
    onSuccess: async (view) => {
      setName("");
      await refresh();
      onOpen(view);
    },
    onError,
  });
  const remove = useMutation({
    mutationFn: (view: SavedView) => client.views.delete.mutate({ id: view.id }),
    onSuccess: async (view) => {
      if (view.id === current?.id) onOpen(null);
      await refresh();
      toast({
        title: `The view ${view.name} was deleted`,
        action: {
          label: "Undo",
          run: () => void client.views.restore.mutate({ id: view.id }).then(refresh, onError),
        },
      });
    },
    onError,
  });
  return (
    <div className="flex flex-col gap-3">
      {views.length === 0 ? (
        <p className="text-sm text-dim">
          A view keeps filters, order and columns of this list under a name. Set the list up, then save it here.
        </p>
      ) : (
        <ul aria-label="Saved views">
          {views.map((view) => (
            <li key={view.id} className="flex h-8 items-center rounded-sm hover:bg-hover">
              <button
                type="button"
                aria-current={view.id === current?.id ? "true" : undefined}
                onClick={() => onOpen(view)}
                className={cn(
                  "h-full min-w-0 flex-1 truncate rounded-sm px-2 text-left text-sm",
                  view.id === current?.id && "font-medium text-accent",
                )}
              >
                {view.name}
              </button>
              <IconButton size="sm" label={`Delete the view ${view.name}`} onClick={() => remove.mutate(view)}>
                <Trash2 />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {current !== null && isChanged ? (
        <div className="flex gap-2">
          <Button size="sm" busy={save.isPending} onClick={() => save.mutate({ id: current.id, name: current.name })}>
            Save changes
          </Button>
          <Button size="sm" look="ghost" onClick={() => onOpen(current)}>
            Reset
          </Button>
        </div>
      ) : null}
      <form
        className="flex gap-2 border-t pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") save.mutate({ name: name.trim() });
        }}
      >
        <Input
          aria-label="Name of the new view"
          placeholder="Save as…"
          maxLength={128}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" busy={save.isPending} reason={name.trim() === "" ? "Give it a name" : undefined}>
          Save
        </Button>
      </form>
    </div>
  );
}
