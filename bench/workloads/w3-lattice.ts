/** W3: a lattice of 20 layers × 50 with two parents each: how long a ready step waits for its spawn while a slot is free. */
import { spawnLimit } from "../limit";
import { lattice } from "../specs";
import { percentile } from "../statistics";
import { measureRun, type StepRow, uploadSpec, warmServer } from "../steps";
import type { Workload } from "../workload";

const SLOTS = 2;

/** For each start: milliseconds since the step was ready and a slot was free. The k-th start needs k − slots ends before it. */
export function startDelays(steps: readonly StepRow[], slots: number): number[] {
  const ends = steps.map((step) => step.finishedAt).sort((a, b) => a - b);
  return [...steps]
    .sort((a, b) => a.startedAt - b.startedAt)
    .map((step, i) => step.startedAt - Math.max(step.queuedAt, ends[i - slots] ?? 0));
}

export const latticeWorkload: Workload = {
  id: "W3",
  title: "lattice of 20 × 50, two parents each",
  async run() {
    const { server, api } = await warmServer(SLOTS);
    try {
      const version = await uploadSpec(api, "lattice", lattice(20, 50));
      const delays: number[] = [];
      for (let i = 0; i < 5; i++) delays.push(...startDelays((await measureRun(server, api, version)).steps, SLOTS));
      const limit = await spawnLimit(300);
      const p50 = percentile(delays, 0.5);
      const p99 = percentile(delays, 0.99);
      return [
        { name: "ready and slot free to spawn, p50", value: p50, unit: "ms", limit, goal: "≤ 2 ms", isMet: p50 <= 2 },
        { name: "ready and slot free to spawn, p99", value: p99, unit: "ms", goal: "≤ 10 ms", isMet: p99 <= 10 },
      ];
    } finally {
      await server.remove();
    }
  },
};
