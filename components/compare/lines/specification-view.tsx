/** What two runs executed: how the graphs of their versions differ, step by step, and their texts, line by line. */
"use client";

import { VersionDiff } from "@/components/pipelines/diff/version-diff";
import { EmptyState } from "@/components/ui/empty-state";
import type { ComparedRun } from "@/server/domain/views/compare";
import type { CompareViewProps } from "../view-props";
import { OtherRun, otherPlace } from "./other-run";

const versionWords = (run: ComparedRun): string => `${run.pipeline?.name ?? run.pipelineName} v${run.version.number}`;

export function SpecificationView({ view, baseline, url, setUrl }: CompareViewProps) {
  const { runs } = view;
  // Two runs of one version have nothing to tell: without a choice the first of another version stands beside.
  const telling = runs.find((run) => run.version.id !== runs[baseline]?.version.id);
  const other = otherPlace(runs, baseline, url.with ?? telling?.id ?? null);
  const [from, to] = [runs[baseline], runs[other]];
  if (from === undefined || to === undefined) return <EmptyState title="Add a second run to compare with" />;
  return (
    <div className="scroll-thin relative min-h-0 flex-1 overflow-y-auto px-6 py-4 max-md:px-4">
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <OtherRun runs={runs} baseline={baseline} other={other} onChange={(id) => void setUrl({ with: id })} />
        <span className="text-sm text-dim">
          {versionWords(from)} → {versionWords(to)}
        </span>
      </div>
      {from.version.id === to.version.id ? (
        <p className="text-sm text-dim">Both ran {versionWords(to)}: the same graph and the same text.</p>
      ) : (
        <VersionDiff from={from.version.id} to={to.version.id} />
      )}
    </div>
  );
}
