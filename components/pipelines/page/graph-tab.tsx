/** The version as a drawing, with what is known of the chosen step beside it. */
"use client";

import { parseAsString, useQueryState } from "nuqs";
import { EmptyState } from "@/components/ui/empty-state";
import type { VersionView } from "@/server/domain/views/pipelines";
import { LazyGraph } from "../lazy-graph";
import { StepPanel } from "./step-panel";

export function GraphTab({ version }: { readonly version: VersionView }) {
  const [selected, setSelected] = useQueryState("step", parseAsString);
  const step = version.graph.steps.find((each) => each.path === selected);
  if (version.graph.steps.length === 0) return <EmptyState title="This version has no steps" />;
  return (
    <div className="flex min-h-[26rem] flex-1 gap-4 max-md:flex-col">
      <div className="relative min-h-80 min-w-0 flex-1 overflow-hidden rounded-md border">
        <LazyGraph
          graph={version.graph}
          selected={step?.path ?? null}
          onSelect={(path) => void setSelected(path)}
          className="absolute inset-0"
        />
      </div>
      {step ? <StepPanel key={step.path} step={step} onClose={() => void setSelected(null)} /> : null}
    </div>
  );
}
