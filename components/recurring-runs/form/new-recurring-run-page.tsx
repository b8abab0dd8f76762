/** The page that makes a recurring run: empty, as a clone, or with what a run or its form had. */
"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { parseAsInteger, parseAsJson, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { z } from "zod";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { ButtonLink } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { ErrorState } from "@/components/ui/error-state";
import { pairsOf } from "@/components/ui/pairs-editor";
import { SkeletonRows } from "@/components/ui/skeleton";
import { type Beginning, beginningOf, freshBeginning } from "./form-values";
import { SourceForm } from "./source-form";

const parsers = {
  pipeline: parseAsString,
  /** A pinned version; without one the latest is followed. */
  version: parseAsString,
  experiment: parseAsString,
  /** A recurring run to begin with. */
  cloneFrom: parseAsString,
  /** A run to take pipeline, version, parameters and the rest of. */
  fromRun: parseAsString,
  /** The rest as the form of a run sends it; values of parameters by name. */
  parameters: parseAsJson(z.record(z.string(), z.json())),
  profile: parseAsString,
  priority: parseAsInteger,
  cache: parseAsStringLiteral(["use", "ignore"] as const),
  description: parseAsString,
  tags: parseAsJson(z.record(z.string(), z.string())),
};

/** The zone of this browser. */
const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function NewRecurringRunPage() {
  const trpc = useTRPC();
  const [address, setAddress] = useQueryStates(parsers, { history: "replace" });
  const { cloneFrom, fromRun } = address;
  const source = useQuery(trpc.recurringRuns.get.queryOptions(cloneFrom ? { id: cloneFrom } : skipToken));
  const run = useQuery(trpc.runs.get.queryOptions(fromRun ? { id: fromRun } : skipToken));
  // Zones and moments are the browser's: the server draws no form.
  const isAlive = useNow() !== 0;
  const isWaiting = !isAlive || (cloneFrom !== null && source.isPending) || (fromRun !== null && run.isPending);
  const error = source.error ?? run.error;

  const beginning = (): Beginning => {
    if (source.data) return { ...beginningOf(source.data), name: `Copy of ${source.data.name}`.slice(0, 128) };
    const fresh = freshBeginning(ownZone());
    if (run.data) {
      const { experiment, profile, priority, parameters } = run.data;
      return { ...fresh, experimentId: experiment.id, profile, priority, values: parameters };
    }
    const { experiment, profile, cache } = address;
    const [priority, description] = [address.priority ?? 0, address.description ?? ""];
    const [tags, values] = [pairsOf(address.tags ?? {}), address.parameters ?? {}];
    return { ...fresh, experimentId: experiment, profile, cache, priority, description, tags, values };
  };
  const pipelineId = address.pipeline ?? source.data?.pipeline?.id ?? run.data?.pipeline?.id ?? null;
  const isSame = address.pipeline === null || address.pipeline === source.data?.pipeline?.id;
  const versionId = address.version ?? (isSame ? (source.data?.version?.id ?? null) : null);
  const title = source.data ? `Clone ${source.data.name}` : "Create recurring run";
  return (
    <Page className="pb-0">
      <Crumbs items={[{ label: "Recurring runs", href: "/recurring-runs" }, { label: title }]} />
      <PageTitle title={title} note="It starts a pipeline by itself. Its runs are kept like any others." />
      {error && !(source.data || run.data) ? (
        <ErrorState
          title="This cannot be prepared"
          message={callProblem(error).message}
          onRetry={() => void (source.error ? source : run).refetch()}
          actions={
            <ButtonLink size="sm" href="/recurring-runs/new">
              Start from an empty form
            </ButtonLink>
          }
        />
      ) : isWaiting ? (
        <SkeletonRows rows={8} label="Loading the form" />
      ) : (
        <SourceForm
          pipelineId={pipelineId}
          versionId={versionId}
          beginning={beginning()}
          editedId={null}
          onSource={(next) => void setAddress({ pipeline: next.pipelineId, version: next.versionId })}
        />
      )}
    </Page>
  );
}
