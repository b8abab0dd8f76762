/** F6: after a reboot (another boot id) a recorded pid means nothing: never adopted, never killed. */
import { spawn } from "node:child_process";
import { openDatabase } from "@/db/client";
import { apiOf } from "../../support/api";
import { startServer, until } from "../../support/server";
import { processesOf } from "../checker";
import type { Scenario } from "../scenario";
import { sideBySide } from "../steps";

export const rebootScenario: Scenario = {
  id: "F6",
  title: "attempts of an earlier boot are lost, and a stranger with their pid is left alone",
  async run() {
    const found: string[] = [];
    let server = await startServer();
    const { home } = server;
    const stranger = spawn("sleep", ["600"], { stdio: "ignore" });
    try {
      let api = apiOf(server);
      const upload = await api.upload({ "long.json": JSON.stringify(sideBySide("long", ["sleep 600"])) });
      const run = await api.createRun(upload.version.id);
      const db = openDatabase(server.files.database);
      const handleOf = () =>
        db.$client.prepare("select handle from attempt where state = 'running'").pluck().get() as string | undefined;
      const handle = await until("the attempt's identity to be recorded", handleOf);
      await server.stop();
      for (const { pid } of processesOf(new Set([run.id]))) process.kill(pid, "SIGKILL");

      const rebooted = { ...JSON.parse(handle), bootId: "00000000-0000-0000-0000-000000000000", pid: stranger.pid };
      db.$client.prepare("update attempt set handle = ?, pid = ?").run(JSON.stringify(rebooted), stranger.pid);
      db.$client.close();
      server = await startServer({ home });
      api = apiOf(server);
      const end = await api.finished(run.id);
      const task = end.tasks[0];
      if (task?.state !== "failed") found.push(`the task is ${task?.state}, not failed`);
      if (task?.reason?.code !== "reboot") found.push(`the reason is ${task?.reason?.code}, not reboot`);
      if (stranger.exitCode !== null || stranger.signalCode !== null) found.push("a foreign process was killed");
      return { violations: found, figures: {} };
    } finally {
      stranger.kill("SIGKILL");
      await server.remove();
    }
  },
};
