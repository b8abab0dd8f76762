/** Classification metrics: the ROC curve and the confusion matrix, and both for every slice. */
"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import type { JsonValue } from "@/pipelines/graph";
import { type Classification as Content, readClassification, readSlices } from "@/server/domain/display/classification";
import { ConfusionMatrix } from "./confusion-matrix";

const RocChart = dynamic(() => import("../charts/roc-chart").then((module) => module.RocChart), {
  ssr: false,
  loading: () => <Skeleton className="h-64 max-w-md" />,
});

function Body({ content: { roc, confusionMatrix, problems } }: { readonly content: Content }) {
  return (
    <div className="flex flex-wrap gap-x-8 gap-y-4">
      {confusionMatrix === null ? null : <ConfusionMatrix matrix={confusionMatrix} />}
      {roc === null ? null : (
        <div className="min-w-64 flex-1">
          <RocChart points={roc} />
        </div>
      )}
      {roc === null && confusionMatrix === null && problems.length === 0 ? (
        <p className="text-sm text-dim">It holds neither a ROC curve nor a confusion matrix.</p>
      ) : null}
      {problems.map((problem) => (
        <p key={problem} className="w-full text-sm text-queued">
          {problem}
        </p>
      ))}
    </div>
  );
}

type Metadata = { readonly [key: string]: JsonValue };

export function Classification({ metadata }: { readonly metadata: Metadata }) {
  return <Body content={readClassification(metadata)} />;
}

export function SlicedClassification({ metadata }: { readonly metadata: Metadata }) {
  const slices = readSlices(metadata);
  const [chosen, setChosen] = useState(0);
  const slice = slices[chosen] ?? slices[0];
  if (slice === undefined) return <p className="text-sm text-dim">It holds no slices.</p>;
  return (
    <div className="flex flex-col gap-3">
      <Select
        aria-label="Slice"
        className="w-60"
        value={String(chosen)}
        options={slices.map((each, at) => ({ value: String(at), label: each.slice }))}
        onValueChange={(at) => setChosen(Number(at))}
      />
      <Body content={slice} />
    </div>
  );
}
