/** What a new engine finds of an attempt's pod: it stands, it does not, or nothing ever will. */
import { setTimeout as delay } from "node:timers/promises";
import { setNewFence } from "../attempt-end";
import { isMissing, type KubeClient } from "./client";
import type { PodFence } from "./fence";
import { MARKS, type Pod } from "./pod";

/** A request to make a pod that an engine sent as it died is answered within this. */
const IN_FLIGHT_MS = 2_000;
const ADOPTION_ANSWER_MS = 4_000;

/**
 * The attempt's pod as it stands: null where there is none, `away` where the cluster does not say in time. One that its
 * engine did not hear of may be on its way yet.
 */
export async function standingPod(client: KubeClient, { pod, fence, uid }: PodFence): Promise<Pod | null | "away"> {
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
}

/** A start that comes late finds the fence and makes nothing. */
export function fenceOff(directory: string): void {
  const nobody = { kubeconfig: null, context: null, namespace: null };
  const none = { fence: crypto.randomUUID(), cluster: nobody, pod: "", uid: null, image: "", helperImage: "" };
  try {
    setNewFence(directory, { ...none, patienceMs: 0, logBytes: 0, words: null } satisfies PodFence);
  } catch {
    // The folder is not there either, or somebody was first: nothing can begin in it.
  }
}
