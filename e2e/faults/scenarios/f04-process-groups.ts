/** F4: steps that are killed, that fork and leave, that ignore TERM and that become daemons; nothing leaks. */
import { openDatabase } from "@/db/client";
import { type Api, apiOf } from "../../support/api";
import { startServer, until } from "../../support/server";
import { processesOf } from "../checker";
import type { Scenario } from "../scenario";
import { sideBySide } from "../steps";

const GRACE_MS = 200;
const SLOTS = 8;

/** What a step does to escape, the state its task must end in, and whether the run is terminated meanwhile. */
const HABITS = [
  { name: "killed", script: "kill -9 $$", end: "failed", terminate: false },
  { name: "forks-and-leaves", script: "sleep 300 & exit 0", end: "succeeded", terminate: false },
  { name: "ignores-term", script: "trap '' TERM; while :; do sleep 0.05; done", end: "canceled", terminate: true },
  { name: "becomes-daemon", script: "setsid sh -c 'sleep 300' & sleep 300", end: "canceled", terminate: true },
] as const;

async function leftovers(runId: string): Promise<number> {
  const gone = () => processesOf(new Set([runId])).length === 0;
  await until("every process to be gone", gone, GRACE_MS + 1_000, 20).catch(() => false);
  return processesOf(new Set([runId])).length;
}

async function terminateWhileRunning(api: Api, runId: string): Promise<void> {
  await until("a step to run", () => processesOf(new Set([runId])).length > 0);
  await api.mutate("runs.cancel", { id: runId });
}

export const processGroupsScenario: Scenario = {
  id: "F4",
  title: "killed, forking, TERM-ignoring and daemon steps leave nothing behind",
  async run({ slice }) {
    const repeats = slice ? 16 : 1_000;
    const found: string[] = [];
    const server = await startServer({ env: { PENSTOCK_SLOTS: String(SLOTS) } });
    try {
      const db = openDatabase(server.files.database);
      db.$client.prepare("update profile set grace_ms = ?").run(GRACE_MS);
      db.$client.close();
      const api = apiOf(server);
      let done = 0;
      for (const habit of HABITS) {
        const spec = sideBySide(
          habit.name,
          Array.from({ length: SLOTS }, () => habit.script),
        );
        const upload = await api.upload({ [`${habit.name}.json`]: JSON.stringify(spec) });
        for (let i = 0; i < repeats / HABITS.length / (slice ? 4 : SLOTS); i++) {
          const run = await api.createRun(upload.version.id);
          if (habit.terminate) await terminateWhileRunning(api, run.id);
          const end = await api.finished(run.id, 30_000);
          const wrong = end.tasks.filter((task) => task.state !== habit.end);
          if (wrong.length > 0)
            found.push(`${habit.name}: ${wrong.length} tasks are ${wrong[0]?.state}, not ${habit.end}`);
          const left = await leftovers(run.id);
          if (left > 0) found.push(`${habit.name}: ${left} processes are left after the grace and a second`);
          done += end.tasks.length;
        }
      }
      return { violations: found, figures: { steps: done } };
    } finally {
      await server.remove();
    }
  },
};
