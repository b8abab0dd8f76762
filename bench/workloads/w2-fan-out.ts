/** W2: one step, a thousand (ten thousand) side by side, one step; two slots; against the shim with two in flight. */
import { shimLimit } from "../limit";
import { fanOut } from "../specs";
import { median, spread } from "../statistics";
import { measureRun, uploadSpec, warmServer } from "../steps";
import type { Figure, Workload } from "../workload";

export const fanOutWorkload: Workload = {
  id: "W2",
  title: "fan-out of no-op steps, 2 slots",
  async run() {
    const { server, api } = await warmServer(2);
    const figures: Figure[] = [];
    const rates = new Map<number, number>();
    try {
      for (const [count, repeats] of [
        [1_000, 5],
        [10_000, 2],
      ] as const) {
        const version = await uploadSpec(api, `fan-out-${count}`, fanOut(count));
        const ours: number[] = [];
        const limits: number[] = [];
        for (let i = 0; i < repeats; i++) {
          limits.push(1_000 / (await shimLimit(1_000, 2)));
          ours.push((1_000 * count) / (await measureRun(server, api, version)).ms);
        }
        const value = median(ours);
        const limit = median(limits);
        rates.set(count, value);
        figures.push({
          name: `fan-out of ${count}`,
          value,
          unit: "steps/s",
          limit,
          goal: "≥ 0.6 × L",
          isMet: value >= 0.6 * limit,
          spread: spread(ours),
        });
      }
      const ratio = (rates.get(10_000) ?? 0) / (rates.get(1_000) ?? 1);
      figures.push({
        name: "rate of 10,000 over rate of 1,000",
        value: ratio,
        unit: "×",
        goal: "within 10 %",
        isMet: ratio >= 0.9,
      });
    } finally {
      await server.remove();
    }
    return figures;
  },
};
