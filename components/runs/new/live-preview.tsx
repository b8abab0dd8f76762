/** What stands beside the form and follows it: what the start will do, and the same as text for elsewhere. */
"use client";

import { type Control, useWatch } from "react-hook-form";
import { valueErrors } from "@/components/run-inputs/parameter-values";
import type { Pair } from "@/components/ui/pairs-editor";
import { GROUP_KINDS } from "@/pipelines/graph";
import type { VersionView } from "@/server/domain/views/pipelines";
import type { StepPlanView } from "@/server/domain/views/run-plan";
import { type RunFormValues, type RunPart, startOptions } from "./form-values";
import { RunPreview } from "./run-preview";
import { StartPreview } from "./start-preview";

export function LivePreview({
  control,
  version,
  part,
  clonedFrom,
  onMayReuse,
}: {
  readonly control: Control<RunFormValues>;
  readonly version: VersionView;
  readonly part: RunPart | null;
  readonly clonedFrom: string | null;
  readonly onMayReuse: (step: string, mayReuse: boolean) => void;
}) {
  const values = useWatch({ control });
  const { parameters: specs } = version.graph;
  const parameters = values.parameters ?? [];
  const options = {
    cache: values.cache ?? null,
    cacheOff: values.cacheOff ?? [],
    stopsOnFailure: values.stopsOnFailure ?? false,
    profile: values.profile ?? null,
    priority: values.priority ?? 0,
    tags: (values.tags ?? []) as readonly Pair[],
    parameters,
  };
  const chosen = startOptions({ id: version.id, parameters: specs }, options, part, clonedFrom);
  const { stopsOnFailure: _, tags: __, ...request } = chosen;
  const canReuse = new Set(version.graph.steps.filter((step) => step.cache.enabled).map((step) => step.path));
  const canChoose = ({ step, kind, does }: StepPlanView): boolean =>
    options.cache !== "ignore" &&
    canReuse.has(step) &&
    !GROUP_KINDS.has(kind) &&
    does !== "leave-out" &&
    does !== "keep";
  return (
    <RunPreview
      version={version}
      name={values.name ?? ""}
      experimentId={values.experimentId ?? null}
      description={values.description?.trim() ?? ""}
      request={chosen}
      clonedFrom={clonedFrom}
    >
      <StartPreview
        request={request}
        isReady={version.state === "runnable" && valueErrors(specs, parameters).length === 0}
        reuse={{ canChoose, off: options.cacheOff, onChoose: onMayReuse }}
      />
    </RunPreview>
  );
}
