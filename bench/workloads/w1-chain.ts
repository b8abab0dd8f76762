/** W1: no-op steps in a row, against the shim in a row. */
import { shimLimit } from "../limit";
import { chain } from "../specs";
import { median, spread } from "../statistics";
import { measureRun, uploadSpec, warmServer } from "../steps";
import type { Figure, Workload } from "../workload";

const REPEATS = 5;

export const chainWorkload: Workload = {
  id: "W1",
  title: "chain of no-op steps",
  async run() {
    const { server, api } = await warmServer(2);
    const figures: Figure[] = [];
    try {
      for (const count of [40, 100, 1_000]) {
        const version = await uploadSpec(api, `chain-${count}`, chain(count));
        const ours: number[] = [];
        const limits: number[] = [];
        for (let i = 0; i < REPEATS; i++) {
          limits.push(await shimLimit(Math.min(count, 200), 1));
          ours.push((await measureRun(server, api, version)).ms / count);
        }
        const value = median(ours);
        const limit = median(limits);
        figures.push({
          name: `chain of ${count}, per step`,
          value,
          unit: "ms",
          limit,
          goal: "≤ 1.5 × L",
          isMet: value <= 1.5 * limit,
          spread: spread(ours),
        });
        if (count === 40) {
          figures.push({
            name: "chain of 40",
            value: value * 40,
            unit: "ms",
            goal: "≤ 80 ms",
            isMet: value * 40 <= 80,
          });
        }
      }
    } finally {
      await server.remove();
    }
    return figures;
  },
};
