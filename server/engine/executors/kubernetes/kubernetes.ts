/** Runs attempts as pods of a cluster: one each, found again by its fence, watched to its end. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { grantPodFiles } from "@/server/platform/pod-files";
import { programRoot } from "@/server/platform/root";
import type { AttemptHandle, ExitReport } from "../../attempts/contract";
import type { Waiter } from "../../waiter";
import { changeFence, markStarted, readEnd, setNewFence } from "../attempt-end";
import { startedAtMs } from "../attempt-traces";
import type { ClusterRef, ContainerOrder, Ended, Executor, Inspection, Mount, PodOrder, StartSpec } from "../executor";
import { startRefusal } from "../start-failure";
import { ApiError, isMissing, type KubeClient, kubeClient, waitOf } from "./client";
import { type PodFence, readPodFence } from "./fence";
import { type Follower, followPod } from "./follow";
import { type Around, clusterAccess, thisMachine } from "./kubeconfig";
import { sweepPods } from "./leftovers";
import { logSize } from "./log";
import { MARKS, type Pod } from "./pod";
import { type PodScripts, podBody, podName, splitMounts } from "./pod-body";
import { againAfter, type PodWatch, podWatch } from "./watch";
import { isFullQuota, startTrouble } from "./words";

const FIRST_SWEEP_MS = 5_000;
const SWEEP_MS = 60_000;
/** A request to make a pod that an engine sent as it died is answered within this. */
const IN_FLIGHT_MS = 2_000;
const ADOPTION_ANSWER_MS = 4_000;

export interface KubernetesExecutorOptions {
  /** What the search for the cluster looks at; tests bring their own machine. */
  readonly around?: Around;
  readonly firstSweepMs?: number;
  /** Clusters that may hold leftovers, as profiles name them; asked when strays are reaped. */
  readonly clusters?: () => readonly ClusterRef[];
}

interface Cluster {
  readonly client: KubeClient;
  readonly watch: PodWatch;
}

type WithPod = ContainerOrder & { readonly pod: PodOrder };

const handleOf = ({ cluster, pod, uid }: PodFence): AttemptHandle => ({ pod, uid, cluster });

let scripts: PodScripts | null = null;
/** Read when the first pod is made. */
function podScripts(): PodScripts {
  const read = (name: string) => readFileSync(join(programRoot(), "pipelines", "runtime", name), "utf8");
  scripts ??= { fetch: read("pod-fetch.sh"), step: read("pod-step.sh") };
  return scripts;
}

/** How what a pod wrote comes back. The step's home holds nothing that is an output. */
function returnOf({ path, isWritable }: Mount, directory: string): "all" | "newer" | "nothing" {
  if (!isWritable || path === join(directory, "home")) return "nothing";
  return path.startsWith(`${directory}/`) || path === directory ? "all" : "newer";
}

/** Makes the executor of pods. */
export function kubernetesExecutor({
  around = thisMachine(),
  firstSweepMs = FIRST_SWEEP_MS,
  clusters: named = () => [],
}: KubernetesExecutorOptions = {}): Executor {
  const clusters = new Map<string, Cluster>();
  const live = new Map<string, { readonly fence: string; readonly follower: Follower | null }>();
  let folder: string | null = null;
  let isReleased = false;
  let sweepTimer: NodeJS.Timeout | null = null;

  const isFollowed = (fence: string): boolean => [...live.values()].some((one) => one.fence === fence);

  const sweep = async (): Promise<void> => {
    if (folder === null || isReleased) return;
    for (const { client } of clusters.values()) await sweepPods(client, folder, isFollowed).catch(() => undefined);
    if (!isReleased) sweepTimer = setTimeout(() => void sweep(), SWEEP_MS).unref();
  };
  const sweepSoon = (): void => {
    sweepTimer ??= setTimeout(() => void sweep(), firstSweepMs).unref();
  };

  /** Throws `NoCluster`. */
  const clusterOf = ({ kubeconfig, context, namespace }: ClusterRef): Cluster => {
    const key = JSON.stringify([kubeconfig, context, namespace]);
    const known = clusters.get(key);
    if (known !== undefined) return known;
    const client = kubeClient(clusterAccess({ kubeconfig, context, namespace }, around));
    const made = { client, watch: podWatch(client) };
    clusters.set(key, made);
    sweepSoon();
    return made;
  };

  /** Does it, and again for as long as the profile has patience: a cluster may be away, or busy, or full. */
  const insist = async <T>(act: () => Promise<T>, patienceMs: number, { say, signal }: Waiter): Promise<T> => {
    const untilMs = Date.now() + patienceMs;
    for (let failures = 0; ; failures++) {
      signal.throwIfAborted();
      try {
        return await act();
      } catch (error) {
        const again = isFullQuota(error) ? { leastMs: 1_000 } : waitOf(error);
        if (again === null || isReleased || Date.now() > untilMs) throw error;
        if (failures === 0) say(`Waiting for the cluster: ${(error as Error).message}\n`);
        await delay(againAfter(failures, again.leastMs), undefined, { signal });
      }
    }
  };

  const follow = (
    {
      id,
      directory,
      keepMs = 0,
      memoryLimitBytes,
    }: Pick<StartSpec, "id" | "directory" | "keepMs" | "memoryLimitBytes">,
    fence: PodFence,
    cluster: Cluster,
    ended: Ended,
    first: Pod | null,
  ): void => {
    const { client, watch } = cluster;
    const follower = followPod(
      {
        client,
        watch,
        directory,
        fence,
        memoryLimitBytes: memoryLimitBytes ?? null,
        ended(report: ExitReport) {
          live.delete(id);
          ended(report);
          if (keepMs === 0 && fence.uid !== null && readEnd(directory) !== null) {
            client.deletePod(fence.pod, fence.uid, 1).catch(() => undefined);
          }
        },
      },
      first,
    );
    live.set(id, { fence: fence.fence, follower });
  };

  /** Makes the pod, or finds the one that an earlier request has made, whose answer was lost. */
  const make = async (client: KubeClient, body: object, { fence, pod: name }: PodFence): Promise<Pod> => {
    try {
      return await client.createPod(body);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409)) throw error;
      const there = await client.getPod(name);
      if (there.metadata.labels?.[MARKS.fence] === fence) return there;
      throw error;
    }
  };

  /** The token of what is sent; null where nothing is. */
  const grant = (spec: StartSpec, order: WithPod): string | null => {
    const { sent } = splitMounts(order.mounts, order.pod);
    if (order.pod.files.by !== "sending" || sent.length === 0) return null;
    const mounts = sent.map((mount) => ({
      path: mount.path,
      isWritable: mount.isWritable,
      returns: returnOf(mount, spec.directory),
    }));
    return grantPodFiles(spec.directory, mounts);
  };

  const begin = async (spec: StartSpec, order: WithPod, ended: Ended, waiter: Waiter): Promise<AttemptHandle> => {
    const { id, directory } = spec;
    const { pod: wanted, image } = order;
    const fence = crypto.randomUUID();
    const begun: PodFence = {
      fence,
      cluster: wanted.cluster,
      pod: podName(id, fence),
      uid: null,
      image,
      helperImage: wanted.helperImage,
      patienceMs: wanted.patienceMs,
      logBytes: 0,
      words: null,
    };
    setNewFence(directory, begun);
    live.set(id, { fence, follower: null });
    const cluster = clusterOf(wanted.cluster);
    const { client } = cluster;
    const body = podBody(spec, order, fence, grant(spec, order), podScripts());
    try {
      const made = await insist(() => make(client, body, begun), wanted.patienceMs, waiter);
      markStarted(directory);
      const known = { ...begun, uid: made.metadata.uid, logBytes: logSize(directory) };
      changeFence(directory, known);
      if (isReleased) throw new Error("let go of while it was started");
      follow(spec, known, cluster, ended, made);
      if (waiter.signal.aborted) live.get(id)?.follower?.stop(spec.graceMs);
      return handleOf(known);
    } catch (error) {
      // A request that was given up may have made it all the same.
      if (!isReleased) {
        client
          .getPod(begun.pod)
          .then((pod) => client.deletePod(begun.pod, pod.metadata.uid, 1))
          .catch(() => undefined);
      }
      throw startTrouble(error, client.namespace);
    }
  };

  /**
   * The attempt's pod as it stands: null where there is none, `away` where the cluster does not say in time. One that its
   * engine did not hear of may be on its way yet.
   */
  const standing = async (client: KubeClient, { pod, fence, uid }: PodFence): Promise<Pod | null | "away"> => {
    const untilMs = Date.now() + (uid === null ? IN_FLIGHT_MS : 0);
    for (;;) {
      try {
        const found = await Promise.race([client.getPod(pod), delay(ADOPTION_ANSWER_MS, "away" as const)]);
        if (found === "away") return found;
        return found.metadata.labels?.[MARKS.fence] === fence && (uid ?? found.metadata.uid) === found.metadata.uid
          ? found
          : null;
      } catch (error) {
        if (!isMissing(error)) return "away";
        if (Date.now() >= untilMs) return null;
      }
      await delay(200);
    }
  };

  return {
    async start(spec, ended, waiter) {
      const { container } = spec;
      if (container?.pod === undefined) throw new Error("the start of a pod lacks its order");
      try {
        return await begin(spec, { ...container, pod: container.pod }, ended, waiter);
      } catch (error) {
        live.delete(spec.id);
        throw startRefusal(startTrouble(error, ""), "Making the pod");
      }
    },

    async adopt(site, _handle, ended) {
      const { id, directory } = site;
      const end = readEnd(directory);
      const fence = readPodFence(directory);
      if (end !== null) return { found: "ended", report: end, startedAtMs: startedAtMs(directory) };
      if (fence === null || fence.pod === "") {
        if (fence === null) fenceOff(directory);
        return { found: "never-begun" };
      }
      const cluster = clusterOf(fence.cluster);
      live.set(id, { fence: fence.fence, follower: null });
      const there = await standing(cluster.client, fence);
      if (there === null) {
        live.delete(id);
        return fence.uid === null ? { found: "never-begun" } : { found: "gone", because: "lost" };
      }
      // A cluster that is away now is waited for: what it ran is there when it is back, or is not.
      const first = there === "away" ? null : there;
      const known = { ...fence, uid: first?.metadata.uid ?? fence.uid };
      if (fence.uid === null) {
        markStarted(directory);
        known.logBytes = logSize(directory);
        changeFence(directory, known);
      }
      follow(site, known, cluster, ended, first);
      return { found: "alive", handle: handleOf(known), startedAtMs: startedAtMs(directory) ?? Date.now() };
    },

    stop(id, graceMs) {
      live.get(id)?.follower?.stop(graceMs);
    },

    async inspect({ pod, uid, cluster }): Promise<Inspection> {
      if (typeof pod !== "string" || typeof cluster !== "object" || cluster === null) return "gone";
      try {
        const found = await clusterOf(cluster as unknown as ClusterRef).client.getPod(pod);
        const isOver = ["Succeeded", "Failed"].includes(found.status?.phase ?? "");
        return found.metadata.uid === uid && !isOver ? "alive" : "gone";
      } catch (error) {
        if (isMissing(error)) return "gone";
        throw error;
      }
    },

    reapStrays(below) {
      folder = below;
      for (const ref of named()) {
        try {
          clusterOf(ref);
        } catch {
          // A cluster that cannot be known now holds nothing that could be removed now.
        }
      }
      if (clusters.size > 0) sweepSoon();
    },

    release() {
      isReleased = true;
      if (sweepTimer !== null) clearTimeout(sweepTimer);
      for (const { follower } of live.values()) follower?.release();
      live.clear();
      for (const { client, watch } of clusters.values()) {
        watch.release();
        client.close();
      }
    },
  };
}

/** A start that comes late finds the fence and makes nothing. */
function fenceOff(directory: string): void {
  const nobody = { kubeconfig: null, context: null, namespace: null };
  const none = { fence: crypto.randomUUID(), cluster: nobody, pod: "", uid: null, image: "", helperImage: "" };
  try {
    setNewFence(directory, { ...none, patienceMs: 0, logBytes: 0, words: null } satisfies PodFence);
  } catch {
    // The folder is not there either, or somebody was first: nothing can begin in it.
  }
}
