/** Compared runs for tests and the gallery. */
import type { JsonValue } from "@/pipelines/graph";
import type { ComparedRun } from "@/server/domain/views/compare";

/** A run that succeeded in a minute; `parameters` as values. */
export function comparedRun(
  id: string,
  parameters: { readonly [name: string]: JsonValue } = {},
  more: Partial<ComparedRun> = {},
): ComparedRun {
  const texts = Object.entries(parameters).map(([name, value]) => {
    const text = JSON.stringify(value);
    return [name, { text, size: text.length, digest: null }] as const;
  });
  return {
    id,
    name: `run ${id}`,
    description: "",
    state: "succeeded",
    reason: null,
    pipeline: { id: "pipeline", name: "p" },
    pipelineName: "p",
    version: { id: "version", number: 1 },
    versionDigest: "0123456789abcdef",
    experiment: { id: "experiment", name: "nightly" },
    profile: "local",
    priority: 0,
    profileSettings: null,
    fileMode: "shared",
    cache: "use",
    origin: "manual",
    extent: { kind: "all" },
    clonedFrom: null,
    archivedAt: null,
    createdAt: "2026-11-21T10:00:00.000Z",
    startedAt: "2026-11-21T10:00:00.000Z",
    finishedAt: "2026-11-21T10:01:00.000Z",
    taskCounts: { succeeded: 3 },
    baseline: null,
    ...more,
    parameters: Object.fromEntries(texts),
  };
}
