/** Choosing an experiment by typing a part of its name. */
"use client";

import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { type ComponentProps, useDeferredValue, useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { Combobox } from "@/components/ui/combobox";

export function ExperimentPicker(
  props: Omit<ComponentProps<typeof Combobox>, "options" | "onSearch" | "searchLabel" | "text" | "empty">,
) {
  const trpc = useTRPC();
  const [text, setText] = useState("");
  const search = useDeferredValue(text.trim());
  const found = useQuery(
    trpc.experiments.list.queryOptions(
      { ...(search ? { search } : {}), limit: 20 },
      { placeholderData: keepPreviousData },
    ),
  );
  const listed = found.data?.items.find((experiment) => experiment.id === props.value);
  const chosen = useQuery(trpc.experiments.get.queryOptions(props.value && !listed ? { id: props.value } : skipToken));
  return (
    <Combobox
      {...props}
      text={listed?.name ?? chosen.data?.name ?? props.value}
      searchLabel="Search experiments"
      empty={found.data ? "No experiment matches" : "Loading…"}
      onSearch={setText}
      options={(found.data?.items ?? []).map((experiment) => ({ value: experiment.id, label: experiment.name }))}
    />
  );
}
