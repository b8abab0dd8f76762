/** Random pipelines with random luck for property tests, and what each step must come to, computed the plain way. */
import fc from "fast-check";
import type { PipelineGraph, Step } from "@/pipelines/graph";
import { aGraph, aStep } from "./graphs";

export interface Gamble {
  readonly graph: PipelineGraph;
  /** Paths of the leaves that fail when they run. */
  readonly unlucky: ReadonlySet<string>;
}

interface Draft {
  readonly isGroup: boolean;
  /** Which of the groups so far holds it; beyond the last one = the root. */
  readonly place: number;
  readonly links: readonly number[];
  readonly isUnlucky: boolean;
  readonly waitsForAll: boolean;
}

const draft = fc.record({
  isGroup: fc.boolean(),
  place: fc.nat(6),
  links: fc.array(fc.nat(30), { maxLength: 3 }),
  isUnlucky: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  waitsForAll: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
});

function build(format: "kfp" | "elyra", drafts: readonly Draft[]): Gamble {
  const steps: Step[] = [];
  const unlucky = new Set<string>();
  for (const [at, { isGroup, place, links, isUnlucky, waitsForAll }] of drafts.entries()) {
    const parent = steps.filter((step) => step.kind === "dag")[place]?.path ?? null;
    const path = parent === null ? `n${at}` : `${parent}/n${at}`;
    // Kubeflow: only siblings. Elyra: any leaf, across levels, and groups depend on nothing.
    const known = steps.filter((step) => (format === "kfp" ? step.parent === parent : step.kind !== "dag"));
    const wanted = links.map((link) => known[link % Math.max(known.length, 1)]?.path ?? "").filter((to) => to !== "");
    const dependsOn = format === "elyra" && isGroup ? [] : [...new Set(wanted)];
    const trigger = waitsForAll && format === "kfp" ? "completed" : "succeeded";
    steps.push(aStep(path, { kind: isGroup ? "dag" : "container", dependsOn, trigger }));
    if (isUnlucky && !isGroup) unlucky.add(path);
  }
  return { graph: aGraph(steps, {}, format), unlucky };
}

export const gambles = (maxSteps = 24): fc.Arbitrary<Gamble> =>
  fc
    .record({
      format: fc.constantFrom("kfp" as const, "elyra" as const),
      drafts: fc.array(draft, { minLength: 1, maxLength: maxSteps }),
    })
    .map(({ format, drafts }) => build(format, drafts));

type End = "succeeded" | "failed" | "omitted";

/** What every step must come to when nobody interferes. */
export function expectedEnds({ graph, unlucky }: Gamble): ReadonlyMap<string, End> {
  const ends = new Map<string, End>();
  const byPath = new Map(graph.steps.map((step) => [step.path, step]));
  const isFrame = (step: Step) => graph.format === "elyra" && step.kind === "dag";
  const isReached = (step: Step): boolean => {
    const parent = step.parent === null ? undefined : byPath.get(step.parent);
    if (parent !== undefined && !isFrame(parent) && !isReached(parent)) return false;
    return step.trigger === "completed" || step.dependsOn.every((path) => end(path) === "succeeded");
  };
  const end = (path: string): End => {
    const known = ends.get(path);
    const step = byPath.get(path);
    if (known !== undefined || step === undefined) return known ?? "omitted";
    const made = decide(step);
    ends.set(path, made);
    return made;
  };
  const decide = (step: Step): End => {
    if (step.kind !== "dag") return !isReached(step) ? "omitted" : unlucky.has(step.path) ? "failed" : "succeeded";
    if (!isFrame(step) && !isReached(step)) return "omitted";
    const children = graph.steps.filter((child) => child.parent === step.path).map((child) => end(child.path));
    if (children.includes("failed")) return "failed";
    const isEmpty = isFrame(step) && children.length > 0 && !children.includes("succeeded");
    return isEmpty ? "omitted" : "succeeded";
  };
  for (const step of graph.steps) end(step.path);
  return ends;
}
