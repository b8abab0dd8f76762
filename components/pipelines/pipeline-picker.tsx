/** Choosing a pipeline by typing a part of its name. */
"use client";

import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { type ComponentProps, useDeferredValue, useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { Combobox } from "@/components/ui/combobox";

export function PipelinePicker(
  props: Omit<ComponentProps<typeof Combobox>, "options" | "onSearch" | "searchLabel" | "text" | "empty">,
) {
  const trpc = useTRPC();
  const [text, setText] = useState("");
  const search = useDeferredValue(text.trim());
  const found = useQuery(
    trpc.pipelines.list.queryOptions(
      { ...(search ? { search } : {}), limit: 20 },
      { placeholderData: keepPreviousData },
    ),
  );
  const listed = found.data?.items.find((pipeline) => pipeline.id === props.value);
  const chosen = useQuery(trpc.pipelines.get.queryOptions(props.value && !listed ? { id: props.value } : skipToken));
  return (
    <Combobox
      {...props}
      text={listed?.name ?? chosen.data?.name ?? props.value}
      searchLabel="Search pipelines"
      empty={found.data ? "No pipeline matches" : "Loading…"}
      onSearch={setText}
      options={(found.data?.items ?? []).map((pipeline) => ({
        value: pipeline.id,
        label: pipeline.name,
        aside: pipeline.latestVersion ? `v${pipeline.latestVersion.number}` : undefined,
      }))}
    />
  );
}
