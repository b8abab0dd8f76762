/** F23: cancel at every state, twice, and while the server restarts; everything goes and nothing revives. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "@/db/client";
import { randomFrom } from "@/db/seed/rng";
import type { RunView } from "@/server/domain/views/runs";
import { type Api, apiOf } from "../../support/api";
import { startServer, type TestServer, until } from "../../support/server";
import { processesOf } from "../checker";
import { pause, type Scenario } from "../scenario";
import { guardedLoop, sideBySide } from "../steps";

const GRACE_MS = 300;

const cancelPatiently = (api: Api, id: string) =>
  until(
    "the cancel to be accepted",
    () =>
      api.mutate("runs.cancel", { id }).then(
        () => true,
        () => false,
      ),
    20_000,
  );

/** Steps that fail and wait to be tried again, in a loop that an exit task cleans up after. */
const guardedStorm = (cleaned: string): object =>
  guardedLoop(
    "guarded-storm",
    {
      items: 3,
      parallelism: 2,
      steps: [
        { key: "failing", script: "sleep 0.02; exit 1", retries: { count: 50, seconds: 0.05 } },
        { key: "long", script: "sleep 60" },
      ],
    },
    `echo "$PENSTOCK_RUN_ID" >> '${cleaned}'`,
  );

/** What is wrong with the exit task of a canceled run: it runs once if anything had begun, else never. */
function cleanUps(run: RunView, cleaned: string): string[] {
  const lines = existsSync(cleaned) ? readFileSync(cleaned, "utf8").split("\n") : [];
  const count = lines.filter((line) => line === run.id).length;
  const task = run.tasks.find((one) => one.step === "clean");
  const hasBegun = run.tasks.some((one) => one.step !== "clean" && one.startedAt !== null);
  const wanted = hasBegun ? "succeeded" : "canceled";
  const wrong = task === undefined || task.state === wanted ? [] : [`the exit task is ${task.state}, not ${wanted}`];
  return count === (hasBegun ? 1 : 0) ? wrong : [...wrong, `the exit task ran ${count} times`];
}

function killEngine(server: TestServer): void {
  const { engine } = server.children();
  if (engine !== null) process.kill(engine, "SIGKILL");
}

export const cancelStormScenario: Scenario = {
  id: "F23",
  title: "cancel at every state, twice, while retrying, with exit tasks, while the server restarts",
  async run({ slice, seed }) {
    const rounds = slice ? 12 : 120;
    const random = randomFrom(seed);
    const found: string[] = [];
    const server = await startServer({ env: { PENSTOCK_SLOTS: "3" } });
    try {
      const db = openDatabase(server.files.database);
      db.$client.prepare("update profile set grace_ms = ?").run(GRACE_MS);
      db.$client.close();
      const api = apiOf(server);
      const scripts = [
        "sleep 60",
        "trap '' TERM; sleep 0.2; while :; do sleep 0.05; done",
        "sleep 60 & wait",
        "sleep 60",
      ];
      const upload = await api.upload({ "storm.json": JSON.stringify(sideBySide("storm", scripts)) });
      const cleaned = join(server.home, "cleaned");
      const guarded = await api.upload({ "guarded.json": JSON.stringify(guardedStorm(cleaned)) });
      const settled: RunView[] = [];
      let slowest = 0;
      for (let i = 0; i < rounds; i++) {
        const isGuarded = i % 2 === 1;
        const run = await api.createRun(isGuarded ? guarded.version.id : upload.version.id);
        await pause(random() * (isGuarded ? 300 : 60));
        const isRestarting = i % 4 === 3;
        if (isRestarting) killEngine(server);
        const since = Date.now();
        await Promise.all([cancelPatiently(api, run.id), cancelPatiently(api, run.id)]);
        if (i % 3 === 0) await cancelPatiently(api, run.id);
        const end = await api.finished(run.id, 30_000);
        await until("all processes to go", () => processesOf(new Set([run.id])).length === 0, 5_000).catch(() => {
          found.push(`round ${i}: processes are left`);
        });
        const took = Date.now() - since;
        if (!isRestarting) slowest = Math.max(slowest, took);
        if (end.state !== "canceled") found.push(`round ${i}: the run ended ${end.state}`);
        if (took > GRACE_MS + 1_000 + (isRestarting ? 1_500 : 0)) found.push(`round ${i}: gone only after ${took} ms`);
        if (isGuarded) found.push(...cleanUps(end, cleaned).map((wrong) => `round ${i}: ${wrong}`));
        settled.push(end);
      }
      killEngine(server);
      await server.ready();
      for (const before of settled) {
        const after = await api.query<RunView>("runs.get", { id: before.id });
        if (after.state !== before.state || after.finishedAt !== before.finishedAt)
          found.push(`run ${before.id} revived`);
      }
      return { violations: found, figures: { rounds, "slowest ms": slowest } };
    } finally {
      await server.remove();
    }
  },
};
