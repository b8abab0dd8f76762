/** What the runs left under one name at one step, side by side; ROC curves also over each other. */
"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import { useTRPC } from "@/components/trpc/client";
import { callProblem } from "@/components/trpc/problem";
import { Combobox } from "@/components/ui/combobox";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";
import { ArtifactCard } from "@/components/viewers/artifact-card";
import { readClassification } from "@/server/domain/display/classification";
import type { ArtifactCell, ComparedArtifacts, ComparedRow, ComparedRun } from "@/server/domain/views/compare";
import { areEqual, stepWords } from "./rows/row";
import { RunMark } from "./run-mark";
import type { CompareViewProps } from "./view-props";

const RocOverlay = dynamic(() => import("./charts/roc-overlay").then((module) => module.RocOverlay), {
  ssr: false,
  loading: () => <Skeleton className="h-72" />,
});

type Row = ComparedRow<ArtifactCell>;

const keyOf = ({ step, name }: Row): string => `${name}@${step ?? ""}`;
const labelOf = ({ step, name }: Row): string => `${name} · ${stepWords(step ?? "")}`;

/** Where a reader looks first: something that can be seen and that differs. */
function tellingRow(rows: readonly Row[]): Row | undefined {
  const isPicture = ({ cells }: Row) => cells.some((cell) => /Metrics|HTML|Markdown/.test(cell?.type ?? ""));
  const differs = ({ cells }: Row) => !areEqual(cells.map((cell) => cell?.digest));
  return rows.find((row) => isPicture(row) && differs(row)) ?? rows.find(isPicture) ?? rows.find(differs) ?? rows[0];
}

function Column({
  run,
  place,
  found,
}: {
  readonly run: ComparedRun;
  readonly place: number;
  readonly found: ComparedArtifacts | undefined;
}) {
  return (
    <section aria-label={`Artifacts of ${run.name}`} className="w-96 min-w-80 flex-1 px-2">
      <p className="flex items-center gap-2 text-sm font-medium">
        <RunMark place={place} />
        <span className="min-w-0 truncate">{run.name}</span>
      </p>
      {found?.artifacts.map((artifact) => (
        <ArtifactCard key={artifact.id} name={artifact.name} artifact={artifact} isOpen />
      ))}
      {found === undefined || found.artifacts.length === 0 ? (
        <p className="my-2 rounded-md border border-dashed px-3 py-6 text-center text-sm text-faint">
          Nothing under this name
        </p>
      ) : null}
    </section>
  );
}

function SideBySide({ row, runs }: { readonly row: Row; readonly runs: readonly ComparedRun[] }) {
  const trpc = useTRPC();
  const input = { runs: runs.map((run) => run.id).sort(), step: row.step ?? "", name: row.name };
  const query = useQuery(trpc.compare.artifacts.queryOptions(input));
  const found = query.data;
  const curves = useMemo(
    () =>
      runs.flatMap((run, place) => {
        const artifact = found?.find((each) => each.run === run.id)?.artifacts[0];
        const roc =
          artifact?.type === "system.ClassificationMetrics" ? readClassification(artifact.metadata).roc : null;
        return roc === null ? [] : [{ place, name: run.name, points: roc }];
      }),
    [found, runs],
  );
  if (query.isPending) return <SkeletonRows rows={4} label="Loading the artifacts" />;
  if (query.isError) {
    return (
      <ErrorState
        title="The artifacts could not be loaded"
        message={callProblem(query.error).message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return (
    <>
      {curves.length > 1 ? (
        <div className="mb-6">
          <RocOverlay curves={curves} />
        </div>
      ) : null}
      <div className="scroll-thin relative -mx-2 flex overflow-x-auto pb-2">
        {runs.map((run, place) => (
          <Column key={run.id} run={run} place={place} found={found?.find((each) => each.run === run.id)} />
        ))}
      </div>
    </>
  );
}

export function ArtifactsView({ view, url, setUrl }: CompareViewProps) {
  const rows = view.artifacts;
  const row = rows.find((each) => keyOf(each) === url.artifact) ?? tellingRow(rows);
  if (row === undefined) {
    return <EmptyState title="No artifacts">None of these runs has left any file or chart.</EmptyState>;
  }
  return (
    <div className="scroll-thin relative min-h-0 flex-1 overflow-y-auto px-6 py-4 max-md:px-4">
      <Combobox
        aria-label="Artifact"
        value={keyOf(row)}
        text={labelOf(row)}
        options={rows.map((each) => ({
          value: keyOf(each),
          label: labelOf(each),
          aside: each.cells.find((cell) => cell !== null)?.type.replace(/^system\./, ""),
        }))}
        onValueChange={(key) => void setUrl({ artifact: key })}
        placeholder="Choose an artifact"
        searchLabel="Search artifacts"
        className="mb-4 w-80 max-w-full"
      />
      <SideBySide key={keyOf(row)} row={row} runs={view.runs} />
    </div>
  );
}
