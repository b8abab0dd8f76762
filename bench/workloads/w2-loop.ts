/** W2L: loops of 1,000 and 10,000 iterations and a chain of 2,000 steps: what a step costs, and the engine's memory. */
import { readFileSync } from "node:fs";
import type { TestServer } from "@/e2e/support/server";
import { fanOut, loopOf } from "../specs";
import { median, spread } from "../statistics";
import { measureRun, uploadSpec, warmServer } from "../steps";
import type { Figure, Workload } from "../workload";

const MAX_ENGINE_MB = 200;

/** Most resident memory of the engine so far. */
function peakMegabytes(server: TestServer): number {
  const status = readFileSync(`/proc/${server.children().engine}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}

export const loopWorkload: Workload = {
  id: "W2L",
  title: "loops of no-op iterations, 2 slots",
  async run() {
    const { server, api } = await warmServer(2);
    const figures: Figure[] = [];
    const costs = new Map<number, number>();
    try {
      for (const [count, repeats] of [
        [1_000, 5],
        [10_000, 2],
      ] as const) {
        const version = await uploadSpec(api, `loop-${count}`, loopOf(count));
        const ours: number[] = [];
        for (let i = 0; i < repeats; i++) ours.push((await measureRun(server, api, version)).ms / count);
        const value = median(ours);
        costs.set(count, value);
        figures.push({
          name: `loop of ${count}, per iteration`,
          value,
          unit: "ms",
          goal: "the same for both",
          isMet: true,
          spread: spread(ours),
        });
      }
      const ratio = (costs.get(10_000) ?? 0) / (costs.get(1_000) ?? 1);
      figures.push({
        name: "cost at 10,000 over cost at 1,000",
        value: ratio,
        unit: "×",
        goal: "within 10 %",
        isMet: ratio <= 1.1,
      });
      await measureRun(server, api, await uploadSpec(api, "fan-out-2000", fanOut(1_998)));
      const peak = peakMegabytes(server);
      figures.push({
        name: "most memory of the engine, 2,000 steps included",
        value: peak,
        unit: "MB",
        goal: `≤ ${MAX_ENGINE_MB} MB`,
        isMet: peak <= MAX_ENGINE_MB,
      });
    } finally {
      await server.remove();
    }
    return figures;
  },
};
