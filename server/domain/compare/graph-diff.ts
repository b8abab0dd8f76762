/** How the graph of one version differs from another's: steps that came, went, or are not what they were. */
import type { PipelineGraph, Step } from "@/pipelines/graph";
import type { GraphDiff, NamedStep } from "../views/compare";

type Part = { readonly words: string; readonly of: (step: Step) => unknown };

/** What of a step matters to its runs, and how a change of it is called; where it is drawn is not among them. */
const PARTS: readonly Part[] = [
  { words: "kind", of: (step) => step.kind },
  { words: "name", of: (step) => step.name },
  { words: "order", of: (step) => [[...step.dependsOn].sort(), step.trigger] },
  { words: "condition", of: (step) => step.condition },
  { words: "loop", of: (step) => step.loop },
  { words: "retries", of: (step) => step.retry },
  { words: "caching", of: (step) => step.cache },
  { words: "time limit", of: (step) => step.timeoutMs },
  { words: "declared inputs and outputs", of: (step) => step.interface },
  { words: "given values", of: (step) => [step.parameters, step.artifacts] },
  { words: "image", of: (step) => ("image" in step.body ? step.body.image : undefined) },
  { words: "code", of: (step) => ({ ...step.body, image: null }) },
  { words: "platform settings", of: (step) => step.platform },
];

/** JSON that does not depend on the order of keys. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
        : inner,
    ) ?? ""
  );
}

const named = ({ path, name, kind }: Step): NamedStep => ({ path, name, kind });

const changedParts = (from: Step, to: Step): readonly string[] =>
  PARTS.filter(({ of }) => canonical(of(from)) !== canonical(of(to))).map(({ words }) => words);

/** Steps are the same when their paths are. */
export function diffGraphs(from: PipelineGraph, to: PipelineGraph): GraphDiff {
  const before = new Map(from.steps.map((step) => [step.path, step]));
  const after = new Set(to.steps.map((step) => step.path));
  const added: NamedStep[] = [];
  const changed: (NamedStep & { parts: readonly string[] })[] = [];
  let equal = 0;
  for (const step of to.steps) {
    const old = before.get(step.path);
    const parts = old === undefined ? [] : changedParts(old, step);
    if (old === undefined) added.push(named(step));
    else if (parts.length > 0) changed.push({ ...named(step), parts });
    else equal += 1;
  }
  return { added, removed: from.steps.filter((step) => !after.has(step.path)).map(named), changed, equal };
}
