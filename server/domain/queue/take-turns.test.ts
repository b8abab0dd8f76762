/** Whose turn it is: by priority, by what each experiment holds, in turn, and never beyond what a profile takes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Holding, obstacleIn, takeTurns } from "./take-turns";
import { type Limits, type StoredTurn, type WaitingStep, waitingIn } from "./testing";

const PROFILE = "local";
const step = (key: number, experiment: number, rest: Partial<WaitingStep> = {}): WaitingStep => ({
  key,
  experiment,
  profile: PROFILE,
  priority: 0,
  ...rest,
});
const holds = (profile: string, experiment: number, count: number, use: Partial<Holding> = {}): Holding => ({
  profile,
  experiment,
  count,
  cpus: 0,
  memoryBytes: 0,
  ...use,
});
const many = (count: number, experiment: number, from = 1): WaitingStep[] =>
  Array.from({ length: count }, (_, at) => step(from + at, experiment));

/** Keys of the steps that get `free` slots. */
function taken(
  steps: readonly WaitingStep[],
  free: number,
  { held = [], turns = [], limits = {} }: { held?: Holding[]; turns?: StoredTurn[]; limits?: Limits } = {},
): number[] {
  return takeTurns({ ...waitingIn(steps, turns, limits), held }, free).tasks.map(({ key }) => key);
}

describe("in one queue", () => {
  it("the highest priority comes first, then the longest wait", () => {
    expect(taken([step(1, 1), step(2, 1), step(3, 1, { priority: 5 })], 2)).toEqual([3, 1]);
    expect(taken([], 2)).toEqual([]);
  });

  it("goes on to lower priorities while slots are free", () => {
    const steps = [step(1, 1, { priority: -3 }), step(2, 1, { priority: 5 }), step(3, 1)];
    expect(taken(steps, 5)).toEqual([2, 3, 1]);
  });

  it("gives the next slot to the experiment that holds the fewest", () => {
    const held = [holds(PROFILE, 1, 2), holds(PROFILE, 2, 1)];
    expect(taken([...many(3, 1), ...many(3, 2, 10), ...many(1, 3, 20)], 4, { held })).toEqual([20, 10, 1, 11]);
  });

  it("does not count what an experiment holds under other profiles", () => {
    const held = [holds("gpu", 1, 9)];
    expect(taken([step(1, 1), step(2, 2)], 1, { held })).toEqual([1]);
  });

  it("goes in turn among those that hold the same, on from the one that was served last", () => {
    const turns = [{ profile: PROFILE, priority: 0, experiment: 1 }];
    expect(taken([...many(9, 1), step(20, 2), step(21, 3)], 1, { turns })).toEqual([20]);
    expect(taken([...many(9, 1), step(21, 3)], 1, { turns: [{ ...turns[0], experiment: 2 } as StoredTurn] })).toEqual([
      21,
    ]);
  });

  it("remembers the turn, but not the one that changes nothing", () => {
    const [mine, other] = [
      { profile: PROFILE, priority: 0, experiment: 1 },
      { profile: PROFILE, priority: 5, experiment: 1 },
    ];
    const noted = (turns: StoredTurn[]) => takeTurns({ ...waitingIn(many(2, 1), turns, {}), held: [] }, 1).turns;
    expect(noted([])).toEqual([mine]);
    expect(noted([mine])).toEqual([]);
    expect(noted([mine, other])).toEqual([mine]);
  });
});

describe("across queues", () => {
  it("one that is full holds back nothing of another", () => {
    const gpu = Array.from({ length: 50 }, (_, at) => step(100 + at, 1, { profile: "gpu", priority: 9 }));
    const held = [holds("gpu", 1, 1)];
    expect(taken([...gpu, step(1, 1)], 3, { held, limits: { gpu: { capacity: 1 } } })).toEqual([1]);
    expect(taken([...gpu, step(1, 1)], 3, { limits: { gpu: { capacity: 1 } } })).toEqual([100, 1]);
  });

  it("a higher priority comes first, then the queue with fewer slots, then the one that has waited longest", () => {
    const steps = [step(1, 1), step(2, 1, { profile: "a", priority: 1 })];
    expect(taken(steps, 2)).toEqual([2, 1]);
    const same = [step(1, 1), step(2, 1, { profile: "a" })];
    expect(taken(same, 1, { held: [holds("a", 7, 1)] })).toEqual([1]);
    const turns = [
      { profile: "a", priority: 0, experiment: 1 },
      { profile: PROFILE, priority: 0, experiment: 1 },
    ];
    expect(taken(same, 1, { turns })).toEqual([2]);
    expect(taken(same, 1, { turns: turns.toReversed() })).toEqual([1]);
  });
});

describe("what all steps of a profile take together", () => {
  const wants = (key: number, cpus: number | null, rest: Partial<WaitingStep> = {}) => step(key, 1, { cpus, ...rest });
  const limits = { [PROFILE]: { cpus: 4 } };

  it("is not gone beyond; steps that name nothing count as nothing", () => {
    expect(taken([wants(1, 2), wants(2, 1.5), wants(3, 1), wants(4, 1)], 9, { limits })).toEqual([1, 2]);
    expect(taken([wants(1, 4), wants(2, null), wants(3, null)], 9, { limits })).toEqual([1, 2, 3]);
    const held = [holds(PROFILE, 7, 1, { cpus: 3.5 })];
    expect(taken([wants(1, 0.5), wants(2, 0.1)], 9, { limits, held })).toEqual([1]);
    const memory = { [PROFILE]: { memoryBytes: 100 } };
    const sized = [step(1, 1, { memoryBytes: 60 }), step(2, 1, { memoryBytes: 41 })];
    expect(taken(sized, 9, { limits: memory })).toEqual([1]);
  });

  it("is kept free for the next step: smaller ones do not pass it, those of other profiles do", () => {
    const held = [holds(PROFILE, 7, 1, { cpus: 2 })];
    const steps = [wants(1, 3), wants(2, 1), wants(3, 9, { profile: "gpu" })];
    expect(taken(steps, 9, { limits, held })).toEqual([3]);
  });

  it("lets a step have its turn alone that wants more than there is", () => {
    expect(taken([wants(1, 64), wants(2, 1)], 9, { limits })).toEqual([1]);
  });

  it("is told as what holds the queue", () => {
    const told = (steps: WaitingStep[], held: Holding[], most: Limits) => {
      const { queues, readBand } = waitingIn(steps, [], most);
      const [queue] = queues;
      return queue && obstacleIn(queue, { held, readBand });
    };
    const held = [holds(PROFILE, 7, 2, { cpus: 2, memoryBytes: 50 })];
    expect(told([wants(1, 3)], held, limits)).toBe("cpus");
    expect(told([step(1, 1, { memoryBytes: 51 })], held, { [PROFILE]: { memoryBytes: 100 } })).toBe("memory");
    expect(told([wants(1, 3)], held, { [PROFILE]: { cpus: 4, capacity: 2 } })).toBe("steps");
    expect(told([wants(1, 1)], held, limits)).toBeNull();
  });
});

describe("with one slot that is freed again and again", () => {
  const steps = fc.array(
    fc.record({
      experiment: fc.integer({ min: 1, max: 5 }),
      priority: fc.integer({ min: 0, max: 1 }),
      profile: fc.constantFrom("a", "b"),
    }),
    { maxLength: 40 },
  );

  it("every experiment is served within as many turns as there are experiments of its priority, and all come", () => {
    fc.assert(
      fc.property(steps, (given) => {
        let left: WaitingStep[] = given.map((one, at) => ({ ...one, key: at + 1 }));
        const turns: StoredTurn[] = [];
        const passed = new Map<string, number>();
        while (left.length > 0) {
          const { tasks, turns: noted } = takeTurns({ ...waitingIn(left, turns, {}), held: [] }, 1);
          turns.push(...noted);
          const [key] = tasks.map((task) => task.key);
          const chosen = left.find((one) => one.key === key);
          if (chosen === undefined) throw new Error("nothing was served");
          expect(left.every(({ priority }) => priority <= chosen.priority)).toBe(true);
          const lane = (one: WaitingStep) => `${one.profile} ${one.priority} ${one.experiment}`;
          for (const one of new Set(left.filter(({ priority }) => priority === chosen.priority).map(lane)))
            passed.set(one, one === lane(chosen) ? 0 : (passed.get(one) ?? 0) + 1);
          expect(Math.max(0, ...passed.values())).toBeLessThan(2 * 5);
          left = left.filter((one) => one.key !== key);
        }
      }),
    );
  });
});
