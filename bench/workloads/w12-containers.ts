/** W12: no-op steps in containers, in a row and side by side, against the raw calls of the container engine. */
import { startTestEngine, whyNoEngine } from "@/e2e/support/container-engine";
import { rawContainers } from "../container-limit";
import { chain, fanOut } from "../specs";
import { median, spread } from "../statistics";
import { measureRun, uploadSpec, warmServer } from "../steps";
import type { Figure, Workload } from "../workload";

const CHAIN = 20;
const WIDTH = 40;
const REPEATS = 5;

export const containersWorkload: Workload = {
  id: "W12",
  title: "no-op steps in containers",
  async run() {
    const why = whyNoEngine();
    if (why !== null) throw new Error(`W12 needs a container engine: ${why}`);
    const engine = await startTestEngine();
    const { server, api } = await warmServer(2);
    try {
      await api.mutate("profiles.save", {
        name: "containers",
        isDefault: true,
        executor: "docker",
        imageMap: { "*": engine.image },
        container: { engine: engine.socket, network: "none", pull: "never" },
      });
      const inRow = await uploadSpec(api, "chain", chain(CHAIN));
      const aside = await uploadSpec(api, "fan-out", fanOut(WIDTH));
      const rows: number[] = [];
      const rowLimits: number[] = [];
      const rates: number[] = [];
      const rateLimits: number[] = [];
      await rawContainers(engine, 3, 1);
      for (let at = 0; at < REPEATS; at++) {
        rowLimits.push(await rawContainers(engine, CHAIN, 1));
        rows.push((await measureRun(server, api, inRow)).ms / CHAIN);
        rateLimits.push(1_000 / (await rawContainers(engine, WIDTH, 2)));
        rates.push((1_000 * (WIDTH + 2)) / (await measureRun(server, api, aside)).ms);
      }
      const [row, rowLimit, rate, rateLimit] = [rows, rowLimits, rates, rateLimits].map((list) => median(list));
      return [
        figure(`chain of ${CHAIN}`, "ms/container", row ?? 0, rowLimit ?? 0, spread(rows), false),
        figure(`fan-out of ${WIDTH}, 2 slots`, "containers/s", rate ?? 0, rateLimit ?? 0, spread(rates), true),
      ];
    } finally {
      await server.remove();
      await engine.close();
    }
  },
};

const figure = (name: string, unit: string, value: number, limit: number, wide: number, isRate: boolean): Figure => ({
  name,
  value,
  unit,
  limit,
  goal: isRate ? "≥ 0.9 × L" : "≤ 1.10 × L",
  isMet: isRate ? value >= 0.9 * limit : value <= 1.1 * limit,
  spread: wide,
});
