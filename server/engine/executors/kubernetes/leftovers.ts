/** Removes pods that attempts have left behind, and no others: the folder of the attempt proves whose they are. */
import { isWithin } from "../../attempts/collect/confine";
import { readEnd } from "../attempt-end";
import type { KubeClient } from "./client";
import { readPodFence } from "./fence";
import { MARKS, type Pod } from "./pod";

export interface SweepFacts {
  /** The fence in the folder that a pod names; null where there is none. */
  readonly fenceIn: (directory: string) => string | null;
  readonly endedAtMs: (directory: string) => number | null;
  readonly isFollowed: (fence: string) => boolean;
  readonly nowMs: number;
}

/** Whether a pod is ours, followed by nobody, and past the time that it was to be kept. */
export function isLeftover({ metadata }: Pod, folder: string, facts: SweepFacts): boolean {
  const directory = metadata.annotations?.[MARKS.directory];
  const fence = metadata.labels?.[MARKS.fence];
  if (directory === undefined || fence === undefined || !isWithin(directory, folder)) return false;
  if (metadata.deletionTimestamp !== undefined) return false;
  if (facts.fenceIn(directory) !== fence || facts.isFollowed(fence)) return false;
  const endedAtMs = facts.endedAtMs(directory);
  const keepMs = Number(metadata.annotations?.[MARKS.keepMs] ?? 0) || 0;
  return endedAtMs === null || endedAtMs + keepMs <= facts.nowMs;
}

/** Removes what attempts below the folder have left in this namespace. */
export async function sweepPods(
  client: KubeClient,
  folder: string,
  isFollowed: (fence: string) => boolean,
): Promise<void> {
  const facts: SweepFacts = {
    fenceIn: (directory) => readPodFence(directory)?.fence ?? null,
    endedAtMs: (directory) => readEnd(directory)?.atMs ?? null,
    isFollowed,
    nowMs: Date.now(),
  };
  for (const pod of (await client.listPods(MARKS.fence)).items) {
    if (!isLeftover(pod, folder, facts)) continue;
    await client.deletePod(pod.metadata.name, pod.metadata.uid, 1).catch(() => undefined);
  }
}
