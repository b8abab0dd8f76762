/** Values from elsewhere: of a file, or of another run. What this version has no place for is named. */
"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useDeferredValue, useRef, useState } from "react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { useRefresh } from "@/components/trpc/use-refresh";
import { Button } from "@/components/ui/button";
import { Combobox } from "@/components/ui/combobox";
import { toast } from "@/components/ui/toast";
import { useOnDemand } from "@/components/ui/use-on-demand";
import type { ParameterSpec } from "@/pipelines/graph";
import { STATE_LOOKS } from "../run-status";
import type { Taken } from "./parameter-document";

const loadDocument = () => import("./parameter-document");

/** No form holds more; a larger file is something else. */
const MOST_BYTES = 4_000_000;

const countValues = (count: number): string => (count === 1 ? "1 value" : `${count} values`);

/** What was taken from where, and what was left out. */
function say(source: string, { texts, unknown }: Taken): void {
  const taken = Object.keys(texts).length;
  toast({
    ...(taken === 0 && { tone: "error" as const }),
    title: taken === 0 ? `${source} has none of these parameters` : `${countValues(taken)} taken from ${source}`,
    ...(unknown.length > 0 && { description: `Left out, because this version has none: ${unknown.join(", ")}.` }),
  });
}

export function ImportValues({
  specs,
  pipelineId,
  onTake,
}: {
  readonly specs: readonly ParameterSpec[];
  readonly pipelineId: string | null;
  readonly onTake: (texts: Taken["texts"]) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const { demand } = useOnDemand(loadDocument);
  const readFile = (file: File) =>
    demand((part) => {
      if (file.size > MOST_BYTES) {
        toast({ tone: "error", title: `${file.name} is too large`, description: "Values fit into 4 MB." });
        return;
      }
      void file.text().then((text) => {
        const reading = part.readDocument(specs, text);
        if (reading.ok) {
          onTake(reading.texts);
          say(file.name, reading);
          return;
        }
        const description = reading.problems.slice(0, 5).join(" ");
        toast({ tone: "error", title: `${file.name} cannot be taken`, description });
      });
    });
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml,.json"
        aria-label="File with values"
        className="hidden"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file) readFile(file);
          event.target.value = "";
        }}
      />
      <Button size="sm" look="ghost" onClick={() => input.current?.click()}>
        <FileUp />
        From a file
      </Button>
      <FromRun specs={specs} pipelineId={pipelineId} onTake={onTake} />
    </>
  );
}

function FromRun({ specs, pipelineId, onTake }: Parameters<typeof ImportValues>[0]) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { demand } = useOnDemand(loadDocument);
  const [text, setText] = useState("");
  const search = useDeferredValue(text.trim());
  const { data } = useQuery(
    trpc.runs.list.queryOptions(
      { ...(search && { search }), ...(pipelineId !== null && { pipelineId }), limit: 20 },
      { placeholderData: keepPreviousData },
    ),
  );
  // A run that came in meanwhile is offered too.
  useRefresh(["runs"], [trpc.runs.list.queryFilter()], 3000);
  const take = async (id: string) => {
    try {
      const run = await queryClient.fetchQuery(trpc.runs.get.queryOptions({ id }));
      demand((part) => {
        const taken = part.takeValues(specs, run.parameters);
        onTake(taken.texts);
        say(run.name, taken);
      });
    } catch (error) {
      toast({ tone: "error", title: "Nothing was taken", description: callProblem(error).message });
    }
  };
  return (
    <Combobox
      aria-label="Take values from a run"
      value={null}
      text={null}
      className="h-7 w-32 text-xs"
      placeholder="From a run"
      searchLabel="Search runs by name or id"
      empty={data ? "No run matches" : "Loading…"}
      onSearch={setText}
      options={(data?.items ?? []).map((run) => ({
        value: run.id,
        label: run.name,
        aside: `v${run.version.number} · ${STATE_LOOKS[run.state].label.toLowerCase()}`,
      }))}
      onValueChange={(id) => {
        if (id !== null) void take(id);
      }}
    />
  );
}
