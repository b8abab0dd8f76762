/** Makes the pod of an attempt, and insists on it while the cluster is away, busy or full. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { grantPodFiles } from "@/server/platform/pod-files";
import { programRoot } from "@/server/platform/root";
import type { Waiter } from "../../waiter";
import type { Mount, StartSpec } from "../executor";
import { ApiError, type KubeClient, waitOf } from "./client";
import type { PodFence } from "./fence";
import { MARKS, type Pod } from "./pod";
import { type OrderWithPod, type PodScripts, podBody, splitMounts } from "./pod-body";
import { againAfter } from "./watch";
import { isFullQuota } from "./words";

/** Who waits for the pod; nobody asks the cluster again once it is given up. */
interface PodWaiter extends Waiter {
  readonly isGivenUp: () => boolean;
}

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

/** The token of what is sent; null where nothing is. */
function grant(spec: StartSpec, order: OrderWithPod): string | null {
  const { sent } = splitMounts(order.mounts, order.pod);
  if (order.pod.files.by !== "sending" || sent.length === 0) return null;
  const mounts = sent.map((mount) => ({
    path: mount.path,
    isWritable: mount.isWritable,
    returns: returnOf(mount, spec.directory),
  }));
  return grantPodFiles(spec.directory, mounts);
}

/** What the cluster is asked to make; what is sent to it is granted by this. */
export const orderedBody = (spec: StartSpec, order: OrderWithPod, fence: string): object =>
  podBody(spec, order, fence, grant(spec, order), podScripts());

/** Does it, and again for as long as the profile has patience: a cluster may be away, or busy, or full. */
async function insist<T>(act: () => Promise<T>, patienceMs: number, { say, signal, isGivenUp }: PodWaiter): Promise<T> {
  const untilMs = Date.now() + patienceMs;
  for (let failures = 0; ; failures++) {
    signal.throwIfAborted();
    try {
      return await act();
    } catch (error) {
      const again = isFullQuota(error) ? { leastMs: 1_000 } : waitOf(error);
      if (again === null || isGivenUp() || Date.now() > untilMs) throw error;
      if (failures === 0) say(`Waiting for the cluster: ${(error as Error).message}\n`);
      await delay(againAfter(failures, again.leastMs), undefined, { signal });
    }
  }
}

/** Makes the pod, or finds the one that an earlier request has made, whose answer was lost. */
async function makeOrFind(client: KubeClient, body: object, { fence, pod: name }: PodFence): Promise<Pod> {
  try {
    return await client.createPod(body);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
    const there = await client.getPod(name);
    if (there.metadata.labels?.[MARKS.fence] === fence) return there;
    throw error;
  }
}

/** Makes the attempt's pod, trying for as long as its profile has patience. */
export const makePod = (client: KubeClient, body: object, fence: PodFence, waiter: PodWaiter): Promise<Pod> =>
  insist(() => makeOrFind(client, body, fence), fence.patienceMs, waiter);
