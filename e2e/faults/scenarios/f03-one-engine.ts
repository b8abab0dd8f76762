/** F3: a second server and a second engine on the same data directory; SIGTERM leaves steps running and adoptable. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { RunView } from "@/server/domain/views/runs";
import type { TaskView } from "@/server/domain/views/tasks";
import { programRoot } from "@/server/platform/root";
import { apiOf } from "../../support/api";
import { startServer, until } from "../../support/server";
import { processesOf, violations } from "../checker";
import { journalingScript } from "../journal";
import type { Scenario } from "../scenario";
import { sideBySide } from "../steps";

export const oneEngineScenario: Scenario = {
  id: "F3",
  title: "double start refused, SIGTERM leaves steps running, the next server adopts them",
  async run() {
    const found: string[] = [];
    let server = await startServer();
    const { home } = server;
    try {
      const journal = join(home, "journal");
      const script = journalingScript(journal, { lines: 5, sleepSeconds: 4 });
      let api = apiOf(server);
      const upload = await api.upload({ "long.json": JSON.stringify(sideBySide("long", [script])) });
      const run = await api.createRun(upload.version.id);
      await until("the step to run", () => processesOf(new Set([run.id])).length > 0);

      const environment = { ...process.env, PENSTOCK_HOME: home };
      const engine = spawnSync(process.execPath, [join(programRoot(), "dist", "engine.js")], {
        env: environment,
        encoding: "utf8",
        timeout: 10_000,
      });
      if (engine.status === 0 || engine.signal !== null)
        found.push(`a second engine was not refused (${engine.status})`);
      if (!/already|holds|another/i.test(`${engine.stdout}${engine.stderr}`)) {
        found.push(`a second engine does not say why it is refused: ${engine.stdout}${engine.stderr}`);
      }
      const second = spawnSync(process.execPath, [join(programRoot(), "dist", "supervisor.js"), "--home", home], {
        env: process.env,
        encoding: "utf8",
        timeout: 10_000,
      });
      if (!second.stdout.includes(server.url))
        found.push(`a second start does not name the running server: ${second.stdout}`);
      if ((await fetch(`${server.url}/readyz`)).status !== 200) found.push("the first server was disturbed");

      await server.stop();
      if (processesOf(new Set([run.id])).length === 0) found.push("SIGTERM ended the running step");
      server = await startServer({ home });
      api = apiOf(server);
      const end = await api.finished(run.id);
      if (end.state !== "succeeded") found.push(`the adopted run ended ${end.state}: ${end.reason?.message}`);
      const task = await api.query<TaskView>("tasks.get", { id: end.tasks[0]?.id });
      if (task.attempts.length !== 1) found.push(`the step was tried ${task.attempts.length} times, not once`);
      found.push(...(await violations(home, api, { accepted: [run.id], journal, slots: 64, lines: 5 })));
      return { violations: found, figures: { state: (end as RunView).state } };
    } finally {
      await server.remove();
    }
  },
};
