/** Takes another run into a comparison: found by name or id, refused with the reason when there are ten. */
"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { STATE_LOOKS } from "@/components/runs/run-status";
import { useTRPC } from "@/components/trpc/client";
import { Button } from "@/components/ui/button";
import { Combobox } from "@/components/ui/combobox";
import { trayReason } from "./tray";

export function AddRun({ ids, onAdd }: { readonly ids: readonly string[]; readonly onAdd: (id: string) => void }) {
  const trpc = useTRPC();
  const [text, setText] = useState("");
  const search = useDeferredValue(text.trim());
  const { data } = useQuery(
    trpc.runs.list.queryOptions({ ...(search && { search }), limit: 20 }, { placeholderData: keepPreviousData }),
  );
  const reason = trayReason(ids);
  if (reason !== undefined) return <Button reason={reason}>Add a run</Button>;
  const options = (data?.items ?? [])
    .filter((run) => !ids.includes(run.id))
    .map((run) => ({
      value: run.id,
      label: run.name,
      aside: `${run.pipeline?.name ?? run.pipelineName} · ${STATE_LOOKS[run.state].label.toLowerCase()}`,
    }));
  return (
    <Combobox
      aria-label="Add a run"
      value={null}
      text={null}
      options={options}
      onSearch={setText}
      onValueChange={(id) => (id === null ? undefined : onAdd(id))}
      placeholder="Add a run"
      searchLabel="Search runs by name or id"
      empty="No other run matches"
      className="w-40"
    />
  );
}
