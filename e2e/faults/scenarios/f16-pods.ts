/** F16: the API server cuts, forgets, refuses and goes; pods are deleted, evicted, starved; Penstock's engine is killed meanwhile. */
import { whyNoCluster } from "../../support/kube-cluster";
import { until } from "../../support/server";
import { judged, logsOf, sameCommands } from "../contained-runs";
import { engineBack } from "../engine-back";
import { onPodStage, type PodStage, podsLeft, podsUp, startedRun, talkingThrough } from "../pod-stage";
import { pause, type Scenario } from "../scenario";

const BUSY_SECONDS = 2;
const DOWN_SECONDS = 300;
const KILLS = 50;

const cutStreams = (stage: PodStage) =>
  talkingThrough(stage, "cut", 40, async () => {
    for (let nth = 0; nth < 12; nth++) {
      stage.proxy.cut(nth % 4 === 3 ? "all" : "streams");
      await pause(400);
    }
  });

const expired = (stage: PodStage) =>
  talkingThrough(stage, "expired", 25, async () => {
    stage.proxy.expire(6);
    await pause(3_000);
  });

const down = (stage: PodStage, seconds: number) =>
  talkingThrough(stage, "down", 20, async () => {
    stage.proxy.setDown(true);
    await pause(seconds * 1_000);
    stage.proxy.setDown(false);
  });

/** A server that is busy says how long; one that made the pod and did not say so is asked again. */
async function busy(stage: PodStage): Promise<string[]> {
  const { proxy } = stage;
  const before = proxy.asked.length;
  proxy.refuse(2, { status: 429, retryAfter: BUSY_SECONDS });
  const run = await startedRun(stage, "busy", sameCommands("busy", 1, "true"));
  const found = judged("busy", await stage.api.finished(run), null, /./);
  const asks = proxy.asked.slice(before).filter(({ pod }) => pod !== null);
  const waits = asks.slice(1).map(({ atMs }, at) => atMs - (asks[at]?.atMs ?? 0));
  if (asks.length !== 3 || waits.some((ms) => ms < BUSY_SECONDS * 1_000 - 20)) {
    found.push(`busy: asked ${asks.length} times, after ${waits.join(" and ")} ms`);
  }
  proxy.refuse(1, { status: 0, isMade: true });
  proxy.refuse(1, { status: 500, isMade: true });
  const lost = await startedRun(stage, "answer-lost", sameCommands("answer-lost", 2, "true"));
  return [...found, ...judged("answer lost", await stage.api.finished(lost), null, /./)];
}

async function endedFromOutside(
  stage: PodStage,
  name: string,
  act: (pod: string) => void,
  words: RegExp,
): Promise<string[]> {
  const run = await startedRun(stage, name, sameCommands(name, 1, "sleep 60"));
  for (const pod of await podsUp(stage)) act(pod);
  return judged(name, await stage.api.finished(run), "lost", words);
}

const deleted = (stage: PodStage) =>
  endedFromOutside(
    stage,
    "deleted",
    (pod) =>
      stage.cluster.kubectl(["delete", "pod", pod, "-n", stage.cluster.namespace, "--wait=false", "--grace-period=1"]),
    /deleted from outside/,
  );

const evicted = (stage: PodStage) =>
  endedFromOutside(
    stage,
    "evicted",
    (pod) => {
      const { cluster } = stage;
      const path = `/api/v1/namespaces/${cluster.namespace}/pods/${pod}/eviction`;
      const body = {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name: pod, namespace: cluster.namespace },
        deleteOptions: { gracePeriodSeconds: 1 },
      };
      cluster.kubectl(["create", "--raw", path, "-f", "-"], JSON.stringify(body));
    },
    /was evicted, as when a node is drained/,
  );

async function starved(stage: PodStage): Promise<string[]> {
  const hoard = "head -c 300000000 /dev/zero | tail -c 299999999 >/dev/null";
  const run = await startedRun(
    stage,
    "hoard",
    sameCommands("hoard", 1, hoard, { resources: { resourceMemoryLimit: "32Mi" } }),
  );
  const found = judged("out of memory", await stage.api.finished(run), "out-of-memory", /OOMKilled/);
  const none = await startedRun(stage, "image", sameCommands("image", 1, "true", { image: "other.invalid/none" }));
  return [...found, ...judged("no image", await stage.api.finished(none), "image-missing", /is not on the node/)];
}

/** The same of pods as F15 of containers, with an API server that is cut all the while. */
async function killsInFanOut(stage: PodStage, kills: number, width: number): Promise<string[]> {
  const script = 'echo "begin $PENSTOCK_ATTEMPT"; sleep 0.3; echo "end $PENSTOCK_ATTEMPT"';
  const run = await startedRun(stage, "fan-out", sameCommands("fan-out", width, script));
  for (let kill = 0; kill < kills; kill++) {
    await pause(200 + ((kill * 337) % 1_500));
    stage.proxy.cut(kill % 2 === 0 ? "streams" : "all");
    const engine = await until("the engine to be there", () => stage.server.children().engine);
    const at = Date.now();
    process.kill(engine, "SIGKILL");
    await engineBack(stage.server, engine, at);
  }
  await stage.server.ready();
  const found = judged(`${kills} kills`, await stage.api.finished(run, 600_000), null, /./);
  const logs = logsOf(stage.server, run);
  if (logs.size !== width) found.push(`${logs.size} of ${width} steps have one attempt that succeeded`);
  for (const [path, log] of logs) {
    if (!/^begin (\S+)\nend \1\n$/.test(log)) found.push(`the log of ${path} is ${JSON.stringify(log.slice(0, 200))}`);
  }
  return found;
}

export const podsScenario: Scenario = {
  id: "F16",
  title: "pods: the API server cuts, forgets, refuses and goes, pods are deleted and evicted, Penstock is killed",
  async run({ slice, kills: asked }) {
    const skipped = slice ? "it takes minutes; npm run faults -- F16 runs it" : whyNoCluster({ builds: true });
    if (skipped !== null) return { violations: [], figures: {}, skipped };
    return onPodStage(async (stage) => {
      const kills = asked ?? KILLS;
      const width = kills * 2;
      const found = await killsInFanOut(stage, kills, width);
      for (const part of [cutStreams, expired, busy, deleted, evicted, starved]) found.push(...(await part(stage)));
      found.push(...(await down(stage, DOWN_SECONDS)), ...(await podsLeft(stage)));
      return {
        violations: found,
        figures: { kills, pods: width, "seconds down": DOWN_SECONDS, requests: stage.proxy.asked.length },
      };
    });
  },
};
