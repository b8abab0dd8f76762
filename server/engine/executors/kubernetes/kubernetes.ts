/** Runs attempts as pods of a cluster: one each, found again by its fence, watched to its end. */
import type { AttemptHandle, ExitReport } from "../../attempts/contract";
import type { Waiter } from "../../waiter";
import { changeFence, markStarted, readEnd, setNewFence } from "../attempt-end";
import { startedAtMs } from "../attempt-traces";
import type { ClusterRef, Ended, Executor, Inspection, StartSpec } from "../executor";
import { startRefusal } from "../start-failure";
import { fenceOff, standingPod } from "./adoption";
import { isMissing, type KubeClient, kubeClient } from "./client";
import { type PodFence, readPodFence } from "./fence";
import { type Follower, followPod } from "./follow";
import { type Around, clusterAccess, thisMachine } from "./kubeconfig";
import { sweepPods } from "./leftovers";
import { logSize } from "./log";
import { makePod, orderedBody } from "./make-pod";
import type { Pod } from "./pod";
import { type OrderWithPod, podName } from "./pod-body";
import { type PodWatch, podWatch } from "./watch";
import { startTrouble } from "./words";

const FIRST_SWEEP_MS = 5_000;
const SWEEP_MS = 60_000;

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

const handleOf = ({ cluster, pod, uid }: PodFence): AttemptHandle => ({ pod, uid, cluster });

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

  const begin = async (spec: StartSpec, order: OrderWithPod, ended: Ended, waiter: Waiter): Promise<AttemptHandle> => {
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
    const body = orderedBody(spec, order, fence);
    try {
      const made = await makePod(client, body, begun, { ...waiter, isGivenUp: () => isReleased });
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
      const there = await standingPod(cluster.client, fence);
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
