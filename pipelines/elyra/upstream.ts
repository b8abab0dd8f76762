/** Answers whether a step starts after others, fast in long chains and wide fans alike. */
import type { StepPath } from "../graph";
import type { Dependencies } from "./links";

/** Whether a step starts only when one of the others is settled. Keep one set per question: answers are kept by it. */
export type RunsAfter = (step: StepPath, others: ReadonlySet<StepPath>) => boolean;

/** Looking backwards finds near producers at once; beyond this, everything after the others is worked out once. */
const NEAR = 200;
/** Sets of steps kept at most; a file that asks for more is looked through each time. */
const MOST_KEPT = 200;

type Edges = ReadonlyMap<StepPath, readonly StepPath[]>;

/** A super node is settled after what is inside it. */
export function upstreamOf(dependencies: Dependencies, children: Edges): RunsAfter {
  const before = (path: StepPath): readonly StepPath[] => [
    ...(dependencies.get(path) ?? []),
    ...(children.get(path) ?? []),
  ];
  let after: Map<StepPath, StepPath[]> | null = null;
  const kept = new Map<ReadonlySet<StepPath>, ReadonlySet<StepPath>>();

  /** True or false when settled within `limit` steps, else null. */
  function lookBack(step: StepPath, others: ReadonlySet<StepPath>, limit: number): boolean | null {
    const seen = new Set<StepPath>();
    const waiting = [...(dependencies.get(step) ?? [])];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (others.has(next)) return true;
      if (seen.has(next)) continue;
      if (seen.size >= limit) return null;
      seen.add(next);
      waiting.push(...before(next));
    }
    return false;
  }

  function everythingAfter(others: ReadonlySet<StepPath>): ReadonlySet<StepPath> {
    after ??= reversed([...dependencies.keys()], before);
    const found = new Set<StepPath>();
    const waiting = [...others].flatMap((path) => after?.get(path) ?? []);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      waiting.push(...(after.get(next) ?? []));
    }
    return found;
  }

  return (step, others) => {
    const known = kept.get(others);
    if (known !== undefined) return known.has(step);
    const mayKeep = kept.size < MOST_KEPT;
    const near = lookBack(step, others, mayKeep ? NEAR : Number.POSITIVE_INFINITY);
    if (near !== null) return near;
    const found = everythingAfter(others);
    kept.set(others, found);
    return found.has(step);
  };
}

function reversed(
  paths: readonly StepPath[],
  before: (path: StepPath) => readonly StepPath[],
): Map<StepPath, StepPath[]> {
  const after = new Map<StepPath, StepPath[]>();
  for (const path of paths) {
    for (const earlier of before(path)) {
      const list = after.get(earlier);
      if (list === undefined) after.set(earlier, [path]);
      else list.push(path);
    }
  }
  return after;
}
