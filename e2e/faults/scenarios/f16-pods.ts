/** F16: the API server cuts, forgets, refuses and goes; pods are deleted, evicted, starved; Penstock's engine is killed meanwhile. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Api, apiOf } from "../../support/api";
import { type ApiProxy, proxiedConfig, startApiProxy } from "../../support/api-proxy";
import { scratch, startTestCluster, type TestCluster, whyNoCluster } from "../../support/kube-cluster";
import { freePort, startServer, type TestServer, until } from "../../support/server";
import { judged, logsOf, sameCommands } from "../contained-runs";
import { engineBack } from "../engine-back";
import { pause, type Scenario } from "../scenario";

const SLOTS = 4;
const BUSY_SECONDS = 2;

interface Stage {
  readonly cluster: TestCluster;
  readonly proxy: ApiProxy;
  readonly server: TestServer;
  readonly api: Api;
}

async function started({ api }: Stage, name: string, spec: object): Promise<string> {
  const { version } = await api.upload({ [`${name}.json`]: JSON.stringify(spec) });
  return (await api.createRun(version.id, {}, name)).id;
}

/** Names of the pods that run. */
const running = ({ cluster }: Stage): string[] =>
  cluster
    .kubectl(["get", "pods", "-n", cluster.namespace, "--no-headers"])
    .split("\n")
    .filter((line) => /\s1\/1\s+Running\s/.test(line))
    .map((line) => line.split(/\s+/)[0] ?? "");

const isUp = (stage: Stage): Promise<readonly string[]> =>
  until("its pods to run", () => (running(stage).length > 0 ? running(stage) : null), 60_000, 300);

const lines = (count: number): string => `for i in $(seq ${count}); do echo line $i; sleep 0.2; done`;
const linesOf = (count: number): string => Array.from({ length: count }, (_, at) => `line ${at + 1}\n`).join("");

/** A run of one step that talks all the while something is wrong with the API server. */
async function talkingThrough(
  stage: Stage,
  name: string,
  count: number,
  wrong: () => Promise<void>,
): Promise<string[]> {
  const run = await started(stage, name, sameCommands(name, 1, lines(count)));
  await isUp(stage);
  await wrong();
  const end = await stage.api.finished(run, 600_000);
  const log = logsOf(stage.server, run).get("s0");
  const isWhole = log === linesOf(count);
  return [
    ...judged(name, end, null, /./),
    ...(isWhole ? [] : [`${name}: the log is ${JSON.stringify(log?.slice(0, 300))}`]),
  ];
}

const cutStreams = (stage: Stage) =>
  talkingThrough(stage, "cut", 40, async () => {
    for (let nth = 0; nth < 12; nth++) {
      stage.proxy.cut(nth % 4 === 3 ? "all" : "streams");
      await pause(400);
    }
  });

const expired = (stage: Stage) =>
  talkingThrough(stage, "expired", 25, async () => {
    stage.proxy.expire(6);
    await pause(3_000);
  });

const down = (stage: Stage, seconds: number) =>
  talkingThrough(stage, "down", 20, async () => {
    stage.proxy.setDown(true);
    await pause(seconds * 1_000);
    stage.proxy.setDown(false);
  });

/** A server that is busy says how long; one that made the pod and did not say so is asked again. */
async function busy(stage: Stage): Promise<string[]> {
  const { proxy } = stage;
  const before = proxy.asked.length;
  proxy.refuse(2, { status: 429, retryAfter: BUSY_SECONDS });
  const run = await started(stage, "busy", sameCommands("busy", 1, "true"));
  const found = judged("busy", await stage.api.finished(run), null, /./);
  const asks = proxy.asked.slice(before).filter(({ pod }) => pod !== null);
  const waits = asks.slice(1).map(({ atMs }, at) => atMs - (asks[at]?.atMs ?? 0));
  if (asks.length !== 3 || waits.some((ms) => ms < BUSY_SECONDS * 1_000 - 20)) {
    found.push(`busy: asked ${asks.length} times, after ${waits.join(" and ")} ms`);
  }
  proxy.refuse(1, { status: 0, isMade: true });
  proxy.refuse(1, { status: 500, isMade: true });
  const lost = await started(stage, "answer-lost", sameCommands("answer-lost", 2, "true"));
  return [...found, ...judged("answer lost", await stage.api.finished(lost), null, /./)];
}

async function endedFromOutside(
  stage: Stage,
  name: string,
  act: (pod: string) => void,
  words: RegExp,
): Promise<string[]> {
  const run = await started(stage, name, sameCommands(name, 1, "sleep 60"));
  for (const pod of await isUp(stage)) act(pod);
  return judged(name, await stage.api.finished(run), "lost", words);
}

const deleted = (stage: Stage) =>
  endedFromOutside(
    stage,
    "deleted",
    (pod) =>
      stage.cluster.kubectl(["delete", "pod", pod, "-n", stage.cluster.namespace, "--wait=false", "--grace-period=1"]),
    /deleted from outside/,
  );

const evicted = (stage: Stage) =>
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

async function starved(stage: Stage): Promise<string[]> {
  const hoard = "head -c 300000000 /dev/zero | tail -c 299999999 >/dev/null";
  const run = await started(stage, "hoard", sameCommands("hoard", 1, hoard, { resourceMemoryLimit: "32Mi" }));
  const found = judged("out of memory", await stage.api.finished(run), "out-of-memory", /OOMKilled/);
  const none = await started(stage, "image", sameCommands("image", 1, "true", {}, "other.invalid/none"));
  return [...found, ...judged("no image", await stage.api.finished(none), "image-missing", /is not on the node/)];
}

/** The same of pods as F15 of containers, with an API server that is cut all the while. */
async function killsInFanOut(stage: Stage, kills: number, width: number): Promise<string[]> {
  const script = 'echo "begin $PENSTOCK_ATTEMPT"; sleep 0.3; echo "end $PENSTOCK_ATTEMPT"';
  const run = await started(stage, "fan-out", sameCommands("fan-out", width, script));
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

/** No attempt had two pods: a pod's name is its attempt's, and each name was made once. */
function doubled({ asked }: ApiProxy): string[] {
  const uids = new Map<string, Set<string>>();
  for (const { pod, uid } of asked) {
    if (pod !== null && uid !== null) uids.set(pod, (uids.get(pod) ?? new Set()).add(uid));
  }
  return [...uids].filter(([, all]) => all.size > 1).map(([pod, all]) => `${pod} was made ${all.size} times`);
}

export const podsScenario: Scenario = {
  id: "F16",
  title: "pods: the API server cuts, forgets, refuses and goes, pods are deleted and evicted, Penstock is killed",
  async run({ slice }) {
    const skipped = slice ? "it takes minutes; npm run faults -- F16 runs it" : whyNoCluster({ builds: true });
    if (skipped !== null) return { violations: [], figures: {}, skipped };
    const cluster = await startTestCluster();
    const proxy = await startApiProxy(cluster.kubeconfig);
    const place = scratch();
    let server: TestServer | null = null;
    try {
      const kubeconfig = join(place.path, "config");
      writeFileSync(kubeconfig, proxiedConfig(proxy.url, cluster.namespace), { mode: 0o600 });
      const port = await freePort();
      const address = cluster.reach(port);
      server = await startServer({
        port,
        env: { PENSTOCK_SLOTS: String(SLOTS), PENSTOCK_ALLOWED_HOSTS: new URL(address).hostname },
      });
      const api = apiOf(server);
      await api.mutate("profiles.save", {
        name: "pods",
        isDefault: true,
        executor: "kubernetes",
        graceMs: 2_000,
        imageMap: { "any/*": cluster.image },
        container: { pull: "never", pod: { kubeconfig, address, helperImage: cluster.image } },
      });
      const stage = { cluster, proxy, server, api };
      const [kills, width, downSeconds] = [20, 40, 300];
      const found = await killsInFanOut(stage, kills, width);
      for (const part of [cutStreams, expired, busy, deleted, evicted, starved]) found.push(...(await part(stage)));
      found.push(...(await down(stage, downSeconds)));
      await until("no pod to be left over", () => cluster.pods().length === 0, 120_000, 500).catch(() => null);
      for (const pod of cluster.pods()) found.push(`${pod} is left over`);
      found.push(...doubled(proxy));
      return {
        violations: found,
        figures: { kills, pods: width, "seconds down": downSeconds, requests: proxy.asked.length },
      };
    } finally {
      await server?.remove();
      proxy.close();
      cluster.close();
      place.remove();
    }
  },
};
