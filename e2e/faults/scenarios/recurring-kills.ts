/** RECURRING: kill -9 of the engine at random instants while fifty schedules fire every second. */
import { openDatabase } from "@/db/client";
import { randomFrom } from "@/db/seed/rng";
import { CATCH_UPS, OVERLAPS } from "@/server/domain/recurrence/words";
import { dataDir } from "@/server/platform/data-dir";
import { apiOf } from "../../support/api";
import { startServer, until } from "../../support/server";
import { alone, shell } from "../../support/shell-specs";
import { recurringViolations } from "../recurring-checker";
import { pause, type Scenario } from "../scenario";

const SCHEDULES = 50;
const SLOTS = 8;

export const recurringKillsScenario: Scenario = {
  id: "RECURRING",
  title: "kill -9 of the engine while fifty schedules fire every second",
  async run({ slice, seed }) {
    const kills = slice ? 5 : 200;
    const random = randomFrom(seed);
    const server = await startServer({ env: { PENSTOCK_SLOTS: String(SLOTS), PENSTOCK_LOG: "warn" } });
    try {
      const api = apiOf(server);
      const { pipeline } = await api.upload({ "quick.yaml": alone("quick", shell("true")) });
      const ids: string[] = [];
      for (let at = 0; at < SCHEDULES; at += 1) {
        const asked = {
          name: `every second ${at}`,
          pipelineId: pipeline.id,
          trigger: { kind: "interval", seconds: 1 },
          // Most of them skip: what waits for two cores would go on long after the last kill.
          overlap: at % 5 === 0 ? OVERLAPS[at % 3] : "skip",
          catchUp: CATCH_UPS[at % 3],
          maxConcurrency: 1 + (at % 3),
        };
        ids.push((await api.mutate<{ id: string }>("recurringRuns.create", asked)).id);
      }
      const db = openDatabase(dataDir(server.home).database, { readonly: true });
      const beating = db.$client.prepare("select pid from heartbeat where name = 'engine'").pluck();
      // One that is killed before it works at all is held back by the supervisor, and nothing would be tried.
      let killed: number | null = null;
      const engineOf = () =>
        until(
          "an engine to work",
          () => {
            const { engine } = server.children();
            return engine !== null && engine !== killed && beating.get() === engine ? engine : null;
          },
          60_000,
          5,
        );
      for (let kill = 0; kill < kills; kill += 1) {
        const engine = await engineOf();
        await pause(random() * 500);
        process.kill(engine, "SIGKILL");
        killed = engine;
      }
      await server.ready(60_000);
      for (const id of ids) await api.mutate("recurringRuns.disable", { id });
      const open = db.$client
        .prepare("select count(*) from run where state in ('pending', 'running', 'canceling')")
        .pluck();
      await until("the runs to be over", () => open.get() === 0, 300_000, 100);
      db.$client.close();
      const { found, ...figures } = recurringViolations(server.home);
      return { violations: found, figures: { kills, schedules: SCHEDULES, ...figures } };
    } finally {
      await server.remove();
    }
  },
};
