/** F15: the container engine restarts, hangs, goes; containers are removed by hand; Penstock's engine is killed in a fan-out. */
import { type Api, apiOf } from "../../support/api";
import { startTestEngine, type TestEngine, whyNoEngine } from "../../support/container-engine";
import { startServer, type TestServer, until } from "../../support/server";
import { judged, logsOf, sameCommands } from "../contained-runs";
import { engineBack } from "../engine-back";
import { pause, type Scenario } from "../scenario";

const SLOTS = 4;

interface Stage {
  readonly engine: TestEngine;
  readonly server: TestServer;
  readonly api: Api;
}

async function started({ api }: Stage, name: string, spec: object): Promise<string> {
  const { version } = await api.upload({ [`${name}.json`]: JSON.stringify(spec) });
  return (await api.createRun(version.id, {}, name)).id;
}

const isUp = ({ engine }: Stage, least = 1) =>
  until("its containers to run", async () => (await engine.containers("running")).length >= least, 60_000);

async function removedByHand(stage: Stage): Promise<string[]> {
  const run = await started(stage, "removed", sameCommands("removed", 1, "sleep 60"));
  await isUp(stage);
  for (const name of await stage.engine.containers("running")) await stage.engine.remove(name);
  return judged("removed by hand", await stage.api.finished(run), "lost", /removed from outside/);
}

async function restarted(stage: Stage): Promise<string[]> {
  const run = await started(stage, "restart", sameCommands("restart", 1, "sleep 60"));
  await isUp(stage);
  await stage.engine.end("SIGTERM");
  await stage.engine.start();
  const found = judged("restart", await stage.api.finished(run), "signal", /engine was stopped or restarted/);
  const after = await started(stage, "after", sameCommands("after", 1, "true"));
  return [...found, ...judged("after a restart", await stage.api.finished(after), null, /./)];
}

/** Killed, the daemon leaves its containers to themselves; a new one ends or takes them over. */
async function killed(stage: Stage): Promise<string[]> {
  const run = await started(stage, "daemon-killed", sameCommands("daemon-killed", 1, "sleep 3; echo over"));
  await isUp(stage);
  await stage.engine.end("SIGKILL");
  await stage.engine.start();
  const end = await stage.api.finished(run);
  return end.state === "succeeded" ? [] : judged("daemon killed", end, "signal", /engine was stopped or restarted/);
}

async function hung(stage: Stage): Promise<string[]> {
  const run = await started(
    stage,
    "hang",
    sameCommands("hang", 1, "for i in 1 2 3 4 5; do echo line $i; sleep 0.3; done"),
  );
  await isUp(stage);
  process.kill(stage.engine.pid(), "SIGSTOP");
  await pause(5_000);
  process.kill(stage.engine.pid(), "SIGCONT");
  const end = await stage.api.finished(run);
  const log = logsOf(stage.server, run).get("s0");
  const isWhole = log === [1, 2, 3, 4, 5].map((i) => `line ${i}\n`).join("");
  return [...judged("hang", end, null, /./), ...(isWhole ? [] : [`hang: the log is ${JSON.stringify(log)}`])];
}

async function withoutMemory(stage: Stage): Promise<string[]> {
  const hoard = "head -c 300000000 /dev/zero | tail -c 299999999 >/dev/null";
  const limits = { resources: { resourceMemoryLimit: "32Mi" } };
  const run = await started(stage, "hoard", sameCommands("hoard", 1, hoard, limits));
  return judged("out of memory", await stage.api.finished(run), "out-of-memory", /OOMKilled, exit code 137/);
}

async function withoutImage(stage: Stage): Promise<string[]> {
  const run = await started(stage, "image", sameCommands("image", 1, "true", { image: "other.invalid/none" }));
  return judged("no image", await stage.api.finished(run), "image-missing", /is not on this machine/);
}

async function killsInFanOut(stage: Stage, kills: number, width: number): Promise<string[]> {
  const since = Date.now();
  const script = 'echo "begin $PENSTOCK_ATTEMPT"; sleep 0.3; echo "end $PENSTOCK_ATTEMPT"';
  const run = await started(stage, "fan-out", sameCommands("fan-out", width, script));
  for (let kill = 0; kill < kills; kill++) {
    await pause(100 + ((kill * 137) % 700));
    const engine = await until("the engine to be there", () => stage.server.children().engine);
    const at = Date.now();
    process.kill(engine, "SIGKILL");
    // One that dies before it was ready counts against the server, which gives up in the end.
    await engineBack(stage.server, engine, at);
  }
  await stage.server.ready();
  const end = await stage.api.finished(run, 300_000);
  const found = judged(`${kills} kills`, end, null, /./);
  const starts = await stage.engine.starts(since);
  for (const [attempt, count] of starts)
    if (count > 1) found.push(`the container of ${attempt} was started ${count} times`);
  const logs = logsOf(stage.server, run);
  if (logs.size !== width) found.push(`${logs.size} of ${width} steps have one attempt that succeeded`);
  for (const [path, log] of logs) {
    if (!/^begin (\S+)\nend \1\n$/.test(log)) found.push(`the log of ${path} is ${JSON.stringify(log.slice(0, 200))}`);
  }
  return found;
}

export const containersScenario: Scenario = {
  id: "F15",
  title: "containers: the engine restarts, hangs and goes, containers are removed by hand, Penstock is killed",
  async run({ slice, kills: asked }) {
    const skipped = whyNoEngine();
    if (skipped !== null) return { violations: [], figures: {}, skipped };
    const engine = await startTestEngine();
    let server: TestServer | null = null;
    try {
      server = await startServer({ env: { PENSTOCK_SLOTS: String(SLOTS) } });
      const api = apiOf(server);
      await api.mutate("profiles.save", {
        name: "containers",
        isDefault: true,
        executor: "docker",
        imageMap: { "any/*": engine.image },
        container: { engine: engine.socket, network: "none", pull: "never" },
      });
      const stage = { engine, server, api };
      const kills = asked ?? (slice ? 3 : 50);
      const width = slice ? 8 : Math.ceil(kills * 2.4);
      const found = await killsInFanOut(stage, kills, width);
      found.push(...(await removedByHand(stage)));
      if (!slice) {
        for (const part of [restarted, killed, hung, withoutMemory, withoutImage]) found.push(...(await part(stage)));
      }
      const left = () => engine.containers();
      await until("no container to be left over", async () => (await left()).length === 0, 90_000, 200).catch(
        () => null,
      );
      for (const name of await left()) found.push(`the container ${name} is left over`);
      return { violations: found, figures: { kills, containers: width } };
    } finally {
      await server?.remove();
      await engine.close();
    }
  },
};
