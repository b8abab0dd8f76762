/** Beside the form: what will run, and the same run as text for other places. */
"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { Section } from "@/components/layout/page";
import { LazyGraph } from "@/components/pipelines/lazy-graph";
import { useTRPC } from "@/components/trpc/client";
import { SnippetTabs } from "@/components/ui/snippet-tabs";
import type { JsonValue } from "@/pipelines/graph";
import type { VersionView } from "@/server/domain/views";
import { runSnippets } from "../snippets";

const never = () => () => {};
/** The address of this server, as the browser knows it. */
export const useOrigin = (): string =>
  useSyncExternalStore(
    never,
    () => location.origin,
    () => "",
  );

export function RunPreview({
  version,
  name,
  experimentId,
  parameters,
}: {
  readonly version: VersionView;
  readonly name: string;
  readonly experimentId: string | null;
  readonly parameters: { readonly [name: string]: JsonValue };
}) {
  const trpc = useTRPC();
  const origin = useOrigin();
  const experiment = useQuery(trpc.experiments.get.queryOptions(experimentId ? { id: experimentId } : skipToken));
  const count = version.stepCount;
  return (
    <div className="flex min-w-0 flex-col gap-6 lg:sticky lg:top-0 lg:self-start">
      <Section
        title="What will run"
        aside={<span className="text-xs text-dim">{count === 1 ? "1 step" : `${count} steps`}</span>}
      >
        <div className="h-72 overflow-hidden rounded-md border max-md:hidden">
          <LazyGraph graph={version.graph} onSelect={() => {}} />
        </div>
      </Section>
      <Section title="The same from elsewhere">
        <SnippetTabs
          snippets={runSnippets({
            origin,
            name: name || version.pipeline?.name || version.graph.name,
            pipelineId: version.pipeline?.id ?? null,
            versionId: version.id,
            experimentId,
            experimentName: experiment.data?.name ?? null,
            specFile: version.specFile,
            parameters,
          })}
        />
      </Section>
    </div>
  );
}
