/** What separates a run from an earlier one of the same pipeline, as far as both were asked for differently. */
import { isDeepStrictEqual } from "node:util";
import type { JsonValue } from "@/pipelines/graph";
import type { RunDifference } from "./views/earlier-runs";

/** What a run was asked for. */
export interface Asked {
  readonly version: number;
  readonly profile: string;
  readonly parameters: { readonly [name: string]: JsonValue };
}

const given = (from: Asked["parameters"], name: string): JsonValue | undefined =>
  Object.hasOwn(from, name) ? from[name] : undefined;

/** Differences from `before` to `now`: the version first, then the profile, then parameters by name. */
export function runDifferences(before: Asked, now: Asked): RunDifference[] {
  const differences: RunDifference[] = [];
  if (before.version !== now.version) differences.push({ what: "version", from: before.version, to: now.version });
  if (before.profile !== now.profile) differences.push({ what: "profile", from: before.profile, to: now.profile });
  const names = new Set([...Object.keys(before.parameters), ...Object.keys(now.parameters)]);
  for (const name of [...names].sort()) {
    const [from, to] = [given(before.parameters, name), given(now.parameters, name)];
    if (isDeepStrictEqual(from, to)) continue;
    differences.push({ what: "parameter", name, ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
  }
  return differences;
}

/** The middle one of some durations; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
