/** Choosing a version of a pipeline, newest first. */
"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc/client";
import type { FieldControl } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { VersionSummary } from "@/server/domain/views/pipelines";

const labelOf = (version: VersionSummary, newest: boolean): string =>
  [`v${version.number}`, newest ? "newest" : "", version.state === "incomplete" ? "incomplete" : ""]
    .filter(Boolean)
    .join(" · ");

export function VersionPicker({
  pipelineId,
  version,
  onChoose,
  ...control
}: Partial<FieldControl> & {
  readonly pipelineId: string;
  readonly version: VersionSummary;
  readonly onChoose: (versionId: string) => void;
}) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.pipelines.versions.queryOptions({ id: pipelineId, limit: 200 }));
  const versions = data?.items ?? [version];
  const listed = versions.some((each) => each.id === version.id) ? versions : [version, ...versions];
  return (
    <Select
      {...control}
      value={version.id}
      onValueChange={onChoose}
      options={listed.map((each, index) => ({
        value: each.id,
        label: labelOf(each, index === 0 && data !== undefined),
      }))}
    />
  );
}
