/** The page that starts a run: which pipeline and version, then its form; a clone comes prefilled. */
"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { Workflow } from "lucide-react";
import { parseAsString, useQueryStates } from "nuqs";
import { useState } from "react";
import { Crumbs } from "@/components/layout/crumbs";
import { Page, PageTitle } from "@/components/layout/page";
import { PipelinePicker } from "@/components/pipelines/pipeline-picker";
import { VersionPicker } from "@/components/pipelines/version-picker";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { RunView } from "@/server/domain/views";
import { NO_PREFILL, type Prefill, type RunFormValues } from "./form-values";
import { RunForm } from "./run-form";

const parsers = {
  pipeline: parseAsString,
  version: parseAsString,
  experiment: parseAsString,
  cloneFrom: parseAsString,
};

const fromRun = (run: RunView): Prefill => ({
  name: `Clone of ${run.name}`.slice(0, 128),
  description: run.description,
  experimentId: run.experiment.id,
  values: run.parameters,
  texts: {},
});

export function NewRunPage() {
  const trpc = useTRPC();
  const [choice, setChoice] = useQueryStates(parsers, { history: "replace" });
  const [carried, setCarried] = useState<Partial<Prefill>>({});
  const source = useQuery(trpc.runs.get.queryOptions(choice.cloneFrom ? { id: choice.cloneFrom } : skipToken));
  const pipelineId = choice.pipeline ?? (choice.version ? null : (source.data?.pipeline?.id ?? null));
  const sourceVersionId = choice.pipeline ? null : (source.data?.version.id ?? null);
  const versionId = choice.version ?? sourceVersionId;
  const byId = useQuery(trpc.pipelines.versionById.queryOptions(versionId ? { versionId } : skipToken));
  const newest = useQuery(
    trpc.pipelines.version.queryOptions(!versionId && pipelineId ? { id: pipelineId } : skipToken),
  );
  const query = versionId ? byId : newest;
  const version = query.data;
  const chosenPipeline = version?.pipeline?.id ?? pipelineId;

  const picker = (current: (() => RunFormValues) | null) => {
    const carry = () => {
      if (!current || !version) return;
      const { parameters, ...rest } = current();
      setCarried({
        ...rest,
        texts: Object.fromEntries(version.graph.parameters.map((spec, index) => [spec.name, parameters[index] ?? ""])),
      });
    };
    return (
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_10rem]">
        <Field id="run-pipeline" label="Pipeline" required>
          {(attributes) => (
            <PipelinePicker
              {...attributes}
              className="w-full"
              value={chosenPipeline}
              placeholder="Choose a pipeline"
              onValueChange={(pipeline) => {
                setCarried({});
                void setChoice({ pipeline, version: null });
              }}
            />
          )}
        </Field>
        {chosenPipeline && version ? (
          <Field id="run-version" label="Version">
            {(attributes) => (
              <VersionPicker
                {...attributes}
                pipelineId={chosenPipeline}
                version={version}
                onChoose={(id) => {
                  carry();
                  void setChoice({ pipeline: chosenPipeline, version: id });
                }}
              />
            )}
          </Field>
        ) : null}
      </div>
    );
  };

  const isWaiting =
    (choice.cloneFrom !== null && source.isPending) || ((versionId ?? pipelineId) !== null && query.isPending);
  const error = source.error ?? query.error;
  const prefill = {
    ...(source.data ? fromRun(source.data) : { ...NO_PREFILL, experimentId: choice.experiment }),
    ...carried,
  };
  return (
    <Page className="pb-0">
      <Crumbs
        items={[{ label: "Runs", href: "/runs" }, { label: source.data ? `Clone ${source.data.name}` : "Create run" }]}
      />
      <PageTitle
        title={source.data ? `Clone ${source.data.name}` : "Create run"}
        note={
          source.data
            ? "Everything is filled in as that run had it. What depended on its time, such as a date in a name, is not made anew."
            : undefined
        }
      />
      {error && !version ? (
        <ErrorState
          title="This cannot be prepared"
          message={callProblem(error).message}
          onRetry={() => void (source.error ? source : query).refetch()}
          actions={
            <ButtonLink size="sm" href="/runs/new">
              Start from an empty form
            </ButtonLink>
          }
        />
      ) : isWaiting ? (
        <SkeletonRows rows={6} label="Loading the form" />
      ) : version ? (
        <RunForm
          key={`${version.id} ${choice.cloneFrom ?? ""}`}
          version={version}
          prefill={prefill}
          clonedFrom={choice.cloneFrom}
          picker={picker}
        />
      ) : (
        <div className="max-w-[34rem]">
          {picker(null)}
          <EmptyState
            icon={<Workflow />}
            title="Choose what to run"
            actions={<ButtonLink href="/pipelines/new">Upload a pipeline</ButtonLink>}
          >
            The form shows the parameters of the version you choose.
          </EmptyState>
        </div>
      )}
    </Page>
  );
}
