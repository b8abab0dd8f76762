/** Beside the form: what will run, and the same run as text for other places. */
"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { labelled } from "@/components/copy-as/labelled";
import { useOrigin } from "@/components/copy-as/use-origin";
import { Section } from "@/components/layout/page";
import { LazyGraph } from "@/components/pipelines/lazy-graph";
import { useTRPC } from "@/components/trpc/client";
import { SnippetTabs } from "@/components/ui/snippet-tabs";
import { SNIPPETS } from "@/server/domain/snippets";
import type { VersionView } from "@/server/domain/views/pipelines";
import type { StartOptions } from "./form-values";

export function RunPreview({
  version,
  name,
  experimentId,
  description,
  request,
  clonedFrom,
  children,
}: {
  readonly version: VersionView;
  readonly name: string;
  readonly experimentId: string | null;
  readonly description: string;
  /** Everything that was chosen, as it is sent. */
  readonly request: StartOptions;
  readonly clonedFrom: string | null;
  /** What the start will do with each step. */
  readonly children: ReactNode;
}) {
  const trpc = useTRPC();
  const origin = useOrigin();
  const experiment = useQuery(trpc.experiments.get.queryOptions(experimentId ? { id: experimentId } : skipToken));
  const count = version.stepCount;
  return (
    <div className="flex min-w-0 flex-col gap-6 lg:sticky lg:top-0 lg:self-start">
      {children}
      <Section
        title="Graph"
        aside={<span className="text-xs text-dim">{count === 1 ? "1 step" : `${count} steps`}</span>}
      >
        <div className="h-60 overflow-hidden rounded-md border max-md:hidden">
          <LazyGraph graph={version.graph} onSelect={() => {}} />
        </div>
      </Section>
      <Section title="The same from elsewhere">
        <SnippetTabs
          snippets={labelled(
            SNIPPETS.startRun(origin, {
              ...request,
              name: name || version.pipeline?.name || version.graph.name,
              description,
              pipelineId: version.pipeline?.id ?? null,
              experimentId,
              experimentName: experiment.data?.name ?? null,
              specFile: version.specFile,
              ...(clonedFrom !== null && { clonedFrom }),
            }),
          )}
        />
      </Section>
    </div>
  );
}
