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
import { describeValue } from "@/components/run-inputs/parameter-text";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { pairsOf } from "@/components/ui/pairs-editor";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { VersionView } from "@/server/domain/views/pipelines";
import type { RunView } from "@/server/domain/views/runs";
import { NO_PREFILL, type Prefill, type RunFormValues, type RunPart } from "./form-values";
import { carriedTexts, parameterChanges } from "./parameter-changes";
import { RunForm } from "./run-form";
import { VersionChange } from "./version-change";

const parsers = {
  pipeline: parseAsString,
  version: parseAsString,
  experiment: parseAsString,
  cloneFrom: parseAsString,
  /** With `cloneFrom`: begin at this step and take what stands before it from that run. */
  from: parseAsString,
  /** Run this step and what it needs, nothing else. */
  upTo: parseAsString,
};

type Choice = { readonly from: string | null; readonly upTo: string | null; readonly cloneFrom: string | null };

function partOf({ from, upTo, cloneFrom }: Choice): RunPart | null {
  if (from !== null && cloneFrom !== null) return { kind: "from", step: from };
  return upTo === null ? null : { kind: "up-to", step: upTo };
}

const fromRun = (run: RunView): Prefill => ({
  name: `Clone of ${run.name}`.slice(0, 128),
  description: run.description,
  experimentId: run.experiment.id,
  cache: run.cache,
  cacheOff: run.cacheOff,
  stopsOnFailure: run.stopsOnFailure,
  profile: run.profile,
  priority: run.priority,
  tags: pairsOf(run.tags),
  values: run.parameters,
  texts: {},
});

/** What a form held when its version was changed. */
interface Carried {
  readonly rest: Partial<Prefill>;
  readonly version: VersionView;
  readonly typed: readonly string[];
  /** Typed for parameters that the versions since had no place for. */
  readonly gone: { readonly [name: string]: string };
}

const named = (version: VersionView, typed: readonly string[]): { readonly [name: string]: string } =>
  Object.fromEntries(version.graph.parameters.map((spec, index) => [spec.name, typed[index] ?? ""]));

/** The prefill of `version` from what was carried to it; a clone keeps every value, a plain form follows defaults. */
function carriedPrefill({ rest, version: before, typed, gone }: Carried, version: VersionView, isClone: boolean) {
  const specs = before.graph.parameters;
  const own = new Set(specs.map(({ name }) => name));
  const left = Object.fromEntries(Object.entries(gone).filter(([name]) => !own.has(name)));
  return { ...rest, texts: { ...left, ...carriedTexts(specs, typed, version.graph.parameters, !isClone) } };
}

function titleOf(choice: Choice, source: RunView | undefined): string {
  if (source === undefined) return "Create run";
  return choice.from === null ? `Clone ${source.name}` : `Run again from a step of ${source.name}`;
}

export function NewRunPage() {
  const trpc = useTRPC();
  const [choice, setChoice] = useQueryStates(parsers, { history: "replace" });
  const [carried, setCarried] = useState<Carried | null>(null);
  /** The version that a form without a source was filled in for first. */
  const [first, setFirst] = useState<VersionView | null>(null);
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
      const { parameters: typed, ...rest } = current();
      setFirst(first ?? version);
      setCarried({ rest, version, typed, gone: { ...carried?.gone, ...named(version, typed) } });
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
                setCarried(null);
                setFirst(null);
                void setChoice({ pipeline, version: null, from: null, upTo: null });
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

  const sourceVersion = useQuery(
    trpc.pipelines.versionById.queryOptions(
      source.data && version && version.id !== source.data.version.id
        ? { versionId: source.data.version.id }
        : skipToken,
    ),
  );
  const isClone = source.data !== undefined;
  const base = isClone ? sourceVersion.data : first;
  const isOther = base && version && base.id !== version.id && base.pipeline?.id === version.pipeline?.id;
  const lastValue = (name: string): string | undefined => {
    const value = source.data?.parameters[name];
    return carried?.gone[name] ?? (value === undefined || value === null ? undefined : describeValue(value));
  };
  const isWaiting =
    (choice.cloneFrom !== null && source.isPending) || ((versionId ?? pipelineId) !== null && query.isPending);
  const error = source.error ?? query.error;
  const prefill = {
    ...(source.data ? fromRun(source.data) : { ...NO_PREFILL, experimentId: choice.experiment }),
    ...(carried && version ? carriedPrefill(carried, version, isClone) : {}),
  };
  return (
    <Page className="pb-0">
      <Crumbs items={[{ label: "Runs", href: "/runs" }, { label: titleOf(choice, source.data) }]} />
      <PageTitle
        title={titleOf(choice, source.data)}
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
          part={partOf(choice)}
          isCarried={carried !== null}
          change={
            isOther ? (
              <VersionChange
                from={base.number}
                to={version.number}
                before={base.graph.parameters}
                changes={parameterChanges(base.graph.parameters, version.graph.parameters, lastValue)}
              />
            ) : null
          }
          onWhole={() => void setChoice({ from: null, upTo: null })}
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
