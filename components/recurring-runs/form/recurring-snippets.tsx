/** The recurring run that the form describes, as text for other places. */
"use client";

import { labelled } from "@/components/copy-as/labelled";
import { useOrigin } from "@/components/copy-as/use-origin";
import { Section } from "@/components/layout/page";
import { SnippetTabs } from "@/components/ui/snippet-tabs";
import { SNIPPETS } from "@/server/domain/snippets";
import type { savedRequest } from "./form-values";

export function RecurringSnippets({
  request,
  pipelineId,
  versionId,
}: {
  readonly request: ReturnType<typeof savedRequest>;
  readonly pipelineId: string;
  readonly versionId: string | null;
}) {
  const origin = useOrigin();
  const experimentId = request.experimentId ?? null;
  return (
    <Section title="The same from elsewhere">
      <SnippetTabs
        snippets={labelled(SNIPPETS.createRecurringRun(origin, { ...request, pipelineId, versionId, experimentId }))}
      />
    </Section>
  );
}
