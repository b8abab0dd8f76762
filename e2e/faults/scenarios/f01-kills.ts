/** F1: kill -9 of the engine, of the web process, of both, at random instants during mixed runs. */
import { join } from "node:path";
import { randomFrom } from "@/db/seed/rng";
import { type Api, apiOf } from "../../support/api";
import { startServer, type TestServer, until } from "../../support/server";
import { violations } from "../checker";
import { engineBack } from "../engine-back";
import { LINES, mixedPipelines } from "../mixed-runs";
import { pause, type Scenario } from "../scenario";

const SLOTS = 4;

function killAndTime(server: TestServer, what: "engine" | "web" | "both"): number {
  const pids = server.children();
  const targets = what === "both" ? [pids.engine, pids.web] : [pids[what]];
  for (const pid of targets) if (pid !== null) process.kill(pid, "SIGKILL");
  return Date.now();
}

async function submitPatiently(api: Api, versionId: string, name: string): Promise<string> {
  return until(
    `run ${name} to be accepted`,
    () =>
      api.mutate<{ id: string }>("runs.create", { versionId, name, idempotencyKey: name, parameters: {} }).then(
        (run) => run.id,
        () => null,
      ),
    30_000,
  );
}

export const killsScenario: Scenario = {
  id: "F1",
  title: "kill -9 of engine, web and both at random instants during mixed runs",
  async run({ slice, seed }) {
    const kills = slice ? 8 : 100;
    const runs = slice ? 16 : 200;
    const random = randomFrom(seed);
    const server = await startServer({ env: { PENSTOCK_SLOTS: String(SLOTS) } });
    const found: string[] = [];
    const recovery: number[] = [];
    try {
      const api = apiOf(server);
      const journal = join(server.home, "journal");
      const pipelines = [];
      for (const pipeline of mixedPipelines(journal)) {
        const upload = await api.upload({ [`${pipeline.name}.json`]: JSON.stringify(pipeline.spec) });
        pipelines.push({ ...pipeline, versionId: upload.version.id });
      }
      const accepted: { id: string; end: string }[] = [];
      const submitting = (async () => {
        for (let i = 0; i < runs; i++) {
          const pipeline = pipelines[Math.floor(random() * pipelines.length)];
          if (!pipeline) continue;
          accepted.push({ id: await submitPatiently(api, pipeline.versionId, `f1-${i}`), end: pipeline.end });
          await pause(random() * 20);
        }
      })();
      for (let i = 0; i < kills; i++) {
        await pause(random() * 500);
        const what = (["engine", "web", "both"] as const)[Math.floor(random() * 3)] ?? "engine";
        const engine = server.children().engine;
        const at = killAndTime(server, what);
        if (what !== "web" && engine !== null) recovery.push(await engineBack(server, engine, at));
      }
      await submitting;
      await server.ready();
      for (const { id, end } of accepted) {
        const run = await api.finished(id, 120_000);
        if (run.state !== end) found.push(`run ${run.name} ended ${run.state} (${run.reason?.message}), not ${end}`);
      }
      found.push(
        ...(await violations(server.home, api, {
          accepted: accepted.map(({ id }) => id),
          journal,
          slots: SLOTS,
          lines: LINES,
        })),
      );
      const slowest = Math.max(0, ...recovery);
      if (slowest > 1_000) found.push(`the engine took ${slowest} ms to schedule again`);
      return { violations: found, figures: { kills, runs: accepted.length, "slowest recovery ms": slowest } };
    } finally {
      await server.remove();
    }
  },
};
