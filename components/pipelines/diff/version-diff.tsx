/** What two versions of a pipeline differ in: parameters, steps of the graph, and the text line by line. */
"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { diffLines } from "@/components/compare/lines/diff-lines";
import { DiffText } from "@/components/compare/lines/diff-text";
import { stepWords } from "@/components/compare/rows/row";
import { parameterChanges } from "@/components/runs/new/parameter-changes";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { ParameterSpec } from "@/pipelines/graph";
import type { GraphDiff, NamedStep } from "@/server/domain/views/compare";
import { laidOut } from "../laid-out";

const PARAMETER_LOOKS = {
  new: { words: "+ added", className: "text-succeeded" },
  removed: { words: "− removed", className: "text-failed" },
  retyped: { words: "~ type", className: "text-queued" },
  default: { words: "~ default", className: "text-queued" },
} as const;

function ParameterChanges({
  before,
  after,
}: {
  readonly before: readonly ParameterSpec[];
  readonly after: readonly ParameterSpec[];
}) {
  const changes = parameterChanges(before, after, (name) => before.find((spec) => spec.name === name)?.type);
  if (before.length + after.length === 0) return null;
  return (
    <>
      <h2 className="mb-2 text-base font-semibold">Parameters</h2>
      {changes.length === 0 ? (
        <p className="mb-6 text-sm text-dim">The same parameters, with the same types and defaults.</p>
      ) : (
        <ul aria-label="Parameters that differ" className="mb-6 flex flex-col gap-1 text-sm">
          {changes.map(({ what, name, text }) => (
            <li key={`${what} ${name}`}>
              <span className={`inline-block w-20 ${PARAMETER_LOOKS[what].className}`}>
                {PARAMETER_LOOKS[what].words}
              </span>
              <span className="font-medium">{name}</span> <span className="font-mono text-xs text-dim">{text}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function StepName({ step }: { readonly step: NamedStep }) {
  const path = stepWords(step.path);
  return (
    <>
      <span className="font-medium">{step.name}</span>
      {path === step.name ? null : <span className="text-faint"> {path}</span>}
    </>
  );
}

function GraphChanges({ diff }: { readonly diff: GraphDiff }) {
  const { added, removed, changed, equal } = diff;
  if (added.length + removed.length + changed.length === 0) {
    return (
      <p className="text-sm text-dim">The same {equal === 1 ? "step" : `${equal} steps`}, with the same settings.</p>
    );
  }
  return (
    <ul aria-label="Steps that differ" className="flex flex-col gap-1 text-sm">
      {added.map((step) => (
        <li key={step.path}>
          <span className="inline-block w-20 text-succeeded">+ added</span>
          <StepName step={step} />
        </li>
      ))}
      {removed.map((step) => (
        <li key={step.path}>
          <span className="inline-block w-20 text-failed">− removed</span>
          <StepName step={step} />
        </li>
      ))}
      {changed.map((step) => (
        <li key={step.path}>
          <span className="inline-block w-20 text-queued">~ changed</span>
          <StepName step={step} />
          <span className="text-dim"> · {step.parts.join(", ")}</span>
        </li>
      ))}
      <li className="text-dim">{equal === 1 ? "1 step is the same" : `${equal} steps are the same`}</li>
    </ul>
  );
}

/** How one version of a pipeline differs from another: its parameters, its steps, and its text. */
export function VersionDiff({ from, to }: { readonly from: string; readonly to: string }) {
  const trpc = useTRPC();
  const forEver = { staleTime: Number.POSITIVE_INFINITY };
  const graph = useQuery(trpc.compare.versions.queryOptions({ from, to }, forEver));
  const versions = [from, to].map((versionId) => ({ versionId }));
  const parameters = useQueries({
    queries: versions.map((each) => trpc.pipelines.versionById.queryOptions(each, forEver)),
    combine: (found) => found.map(({ data }) => data?.graph.parameters),
  });
  const before = useQuery(trpc.pipelines.specText.queryOptions({ versionId: from }, forEver));
  const after = useQuery(trpc.pipelines.specText.queryOptions({ versionId: to }, forEver));
  const [left, right] = [before.data?.text, after.data?.text];
  const diff = useMemo(
    () => (left === undefined || right === undefined ? undefined : diffLines(laidOut(left), laidOut(right))),
    [left, right],
  );
  const error = graph.error ?? before.error ?? after.error;
  if (error !== null) {
    return <ErrorState title="The versions could not be compared" message={callProblem(error).message} />;
  }
  if (graph.data === undefined || diff === undefined) return <SkeletonRows rows={6} label="Loading the versions" />;
  return (
    <>
      {parameters[0] && parameters[1] ? <ParameterChanges before={parameters[0]} after={parameters[1]} /> : null}
      <h2 className="mb-2 text-base font-semibold">Steps</h2>
      <GraphChanges diff={graph.data} />
      <h2 className="mt-6 mb-2 text-base font-semibold">Text</h2>
      <DiffText diff={diff} label="Differences of the texts" />
    </>
  );
}
