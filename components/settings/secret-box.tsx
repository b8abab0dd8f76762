/** One secret or config map: its keys, and what can be done with each. */
"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/time";
import { toast } from "@/components/ui/toast";
import type { SecretView } from "@/server/domain/views/surroundings";
import type { SecretChange } from "./secret-dialog";

/** Removes keys; a shown value can be brought back, a sealed one is gone. */
function useRemoveKey(secret: SecretView) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const save = useMutation(
    trpc.secrets.save.mutationOptions({
      onError: (error) =>
        toast({ tone: "error", title: "Nothing was changed", description: callProblem(error).message }),
      onSettled: () => void queryClient.invalidateQueries(trpc.secrets.pathFilter()),
    }),
  );
  return (key: string, value: string | null) =>
    save.mutate(
      { name: secret.name, values: { [key]: null } },
      {
        onSuccess: () =>
          toast({
            title: `${key} removed from ${secret.name}`,
            ...(value === null
              ? {}
              : {
                  action: { label: "Undo", run: () => save.mutate({ name: secret.name, values: { [key]: value } }) },
                }),
          }),
      },
    );
}

export function SecretBox({
  secret,
  onChange,
}: {
  readonly secret: SecretView;
  readonly onChange: (change: SecretChange) => void;
}) {
  const removeKey = useRemoveKey(secret);
  const { name, isShown, keys } = secret;
  const remove = (key: string, value: string | null) =>
    value === null ? onChange({ kind: "remove-key", secret: name, key }) : removeKey(key, value);
  return (
    <li className="rounded-md border border-line">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2">
        <h2 className="font-mono text-sm font-medium [overflow-wrap:anywhere]">{name}</h2>
        <Badge tone={isShown ? "neutral" : "warning"}>{isShown ? "Config map" : "Secret"}</Badge>
        {secret.description ? <p className="min-w-0 truncate text-sm text-dim">{secret.description}</p> : null}
        <span className="ml-auto flex items-center gap-1">
          <Button size="sm" onClick={() => onChange({ kind: "set", secret: name, isShown, key: null, value: null })}>
            <Plus />
            Add a key
          </Button>
          <IconButton
            size="sm"
            label={`Delete ${name}`}
            onClick={() => onChange({ kind: "remove", secret: name, isShown })}
          >
            <Trash2 />
          </IconButton>
        </span>
      </div>
      {keys.length === 0 ? (
        <p className="px-3 py-2 text-sm text-faint">It holds no keys yet.</p>
      ) : (
        <ul>
          {keys.map((key) => (
            <li
              key={key.name}
              className="flex flex-wrap items-center gap-x-3 border-b border-line/60 px-3 py-0.5 last:border-0"
            >
              <span className="order-1 min-w-0 flex-1 basis-3/5 font-mono text-xs [overflow-wrap:anywhere] md:w-52 md:flex-none md:basis-auto">
                {key.name}
              </span>
              <span
                className="order-3 min-w-0 flex-1 truncate font-mono text-xs text-dim md:order-2"
                title={key.value ?? undefined}
              >
                {isShown ? (key.value ?? "") : <span className="text-faint">sealed</span>}
              </span>
              <span className="order-4 text-xs text-dim max-md:py-1 md:order-3">
                changed <RelativeTime at={key.updatedAt} />
              </span>
              <span className="order-2 flex md:order-4">
                <IconButton
                  size="sm"
                  label={`Set ${key.name} of ${name}`}
                  onClick={() => onChange({ kind: "set", secret: name, isShown, key: key.name, value: key.value })}
                >
                  <Pencil />
                </IconButton>
                <IconButton
                  size="sm"
                  label={`Remove ${key.name} of ${name}`}
                  onClick={() => remove(key.name, key.value)}
                >
                  <Trash2 />
                </IconButton>
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
