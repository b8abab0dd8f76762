/** A server whose steps are pods of a real cluster, behind a proxy that can fail as API servers do; and what scenarios do on it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Api, apiOf } from "../support/api";
import { type ApiProxy, proxiedConfig, startApiProxy } from "../support/api-proxy";
import { scratch, startTestCluster, type TestCluster } from "../support/kube-cluster";
import { freePort, startServer, type TestServer, until } from "../support/server";
import { judged, logsOf, sameCommands } from "./contained-runs";
import type { Verdict } from "./scenario";

const SLOTS = 4;

export interface PodStage {
  readonly cluster: TestCluster;
  readonly proxy: ApiProxy;
  readonly server: TestServer;
  readonly api: Api;
}

/** Sets everything up, lets the scenario play, and takes everything down again. */
export async function onPodStage(play: (stage: PodStage) => Promise<Verdict>): Promise<Verdict> {
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
    return await play({ cluster, proxy, server, api });
  } finally {
    await server?.remove();
    proxy.close();
    cluster.close();
    place.remove();
  }
}

/** Starts a run of a pipeline; its id. */
export async function startedRun({ api }: PodStage, name: string, spec: object): Promise<string> {
  const { version } = await api.upload({ [`${name}.json`]: JSON.stringify(spec) });
  return (await api.createRun(version.id, {}, name)).id;
}

/** Names of the pods that run. */
const running = ({ cluster }: PodStage): string[] =>
  cluster
    .kubectl(["get", "pods", "-n", cluster.namespace, "--no-headers"])
    .split("\n")
    .filter((line) => /\s1\/1\s+Running\s/.test(line))
    .map((line) => line.split(/\s+/)[0] ?? "");

/** Waits for pods that run; their names. */
export const podsUp = (stage: PodStage): Promise<readonly string[]> =>
  until("its pods to run", () => (running(stage).length > 0 ? running(stage) : null), 60_000, 300);

const lines = (count: number): string => `for i in $(seq ${count}); do echo line $i; sleep 0.2; done`;
const linesOf = (count: number): string => Array.from({ length: count }, (_, at) => `line ${at + 1}\n`).join("");

/** Penstock's own lines in the midst of an output. */
const ASIDE = /^\[.*\]\n/gm;

/** A run of one step that talks all the while something is wrong, of which the log says `words` and that it is over. */
export async function talkingThrough(
  stage: PodStage,
  name: string,
  count: number,
  wrong: () => Promise<void>,
  words = "",
): Promise<string[]> {
  const run = await startedRun(stage, name, sameCommands(name, 1, lines(count)));
  await podsUp(stage);
  await wrong();
  const end = await stage.api.finished(run, 600_000);
  const log = logsOf(stage.server, run).get("s0");
  const said = log?.match(ASIDE) ?? [];
  const isWhole =
    log?.replace(ASIDE, "") === linesOf(count) &&
    (said[0] ?? "").includes(words) &&
    said.length === (words === "" ? 0 : 2);
  return [
    ...judged(name, end, null, /./),
    ...(isWhole ? [] : [`${name}: the log is ${JSON.stringify(log?.slice(0, 300))}`]),
  ];
}

/** What is wrong once all runs are over: pods that are left, and attempts that had two. */
export async function podsLeft({ cluster, proxy }: PodStage): Promise<string[]> {
  await until("no pod to be left over", () => cluster.pods().length === 0, 120_000, 500).catch(() => null);
  return [...cluster.pods().map((pod) => `${pod} is left over`), ...doubled(proxy)];
}

/** No attempt had two pods: each names its attempt, and was made once. */
function doubled({ asked }: ApiProxy): string[] {
  const made = new Map<string, Set<string>>();
  for (const { attempt, uid } of asked) {
    if (attempt !== null && uid !== null) made.set(attempt, (made.get(attempt) ?? new Set()).add(uid));
  }
  return [...made].filter(([, all]) => all.size > 1).map(([attempt, all]) => `${attempt} had ${all.size} pods`);
}
