/** Keeps up with the pods of one namespace for as long as anybody follows one: lists once, then watches, and resumes. */
import { setTimeout as delay } from "node:timers/promises";
import { ApiError, type KubeClient, waitOf } from "./client";
import { MARKS, type Pod } from "./pod";

const AGAIN_LEAST_MS = 100;
const AGAIN_MOST_MS = 10_000;

/** A pod as it is now, or as it was when it went; null where the cluster only says that there is none of that name. */
export type Seen = (pod: Pod | null, isGone: boolean) => void;

export interface PodWatch {
  /** Tells what becomes of a pod from now on; answers with what ends it. */
  follow(name: string, seen: Seen): () => void;
  release(): void;
}

/** How long to wait before asking again: longer each time, and never less than the server asks for. */
export const againAfter = (failures: number, leastMs: number): number =>
  Math.max(leastMs, Math.min(AGAIN_LEAST_MS * 2 ** failures, AGAIN_MOST_MS));

/** Makes the watch; it asks nothing before somebody follows. */
export function podWatch(client: KubeClient): PodWatch {
  const followers = new Map<string, Set<Seen>>();
  let abort: AbortController | null = null;

  const tell = (pod: Pod, isGone: boolean): void => {
    for (const seen of followers.get(pod.metadata.name) ?? []) seen(pod, isGone);
  };

  /** Whoever is not in a whole list is gone. */
  const tellAll = (pods: readonly Pod[]): void => {
    const byName = new Map(pods.map((pod) => [pod.metadata.name, pod]));
    for (const [name, all] of followers) {
      const pod = byName.get(name) ?? null;
      for (const seen of all) seen(pod, pod === null);
    }
  };

  /** Watches until the server ends it, and hands on each version from which it could be taken up again. */
  const watchOnce = async (from: string, signal: AbortSignal, reached: (version: string) => void): Promise<void> => {
    for await (const event of client.watchPods(MARKS.fence, from, signal)) {
      if (event.type === "ERROR") {
        throw new ApiError(event.object.code ?? 500, "", event.object.message ?? "the watch failed", null);
      }
      if (event.type !== "BOOKMARK") tell(event.object, event.type === "DELETED");
      reached(event.object.metadata.resourceVersion);
    }
  };

  const keepUp = async (signal: AbortSignal): Promise<void> => {
    let version: string | null = null;
    for (let failures = 0; !signal.aborted; failures++) {
      let leastMs = 0;
      try {
        if (version === null) {
          const list = await client.listPods(MARKS.fence);
          if (signal.aborted) return;
          version = list.resourceVersion;
          tellAll(list.items);
        }
        await watchOnce(version, signal, (reached) => {
          version = reached;
          failures = 0;
        });
      } catch (error) {
        if (signal.aborted) return;
        const isExpired = error instanceof ApiError && error.status === 410;
        // Too old to go on from: everything is asked for anew, at once.
        if (isExpired) version = null;
        leastMs = isExpired ? 0 : (waitOf(error)?.leastMs ?? AGAIN_MOST_MS);
      }
      // Also one that ends well again and again is not asked without a pause.
      await delay(againAfter(failures, leastMs), undefined, { signal }).catch(() => undefined);
    }
  };

  return {
    follow(name, seen) {
      const all = followers.get(name) ?? new Set();
      followers.set(name, all.add(seen));
      if (abort === null) {
        abort = new AbortController();
        keepUp(abort.signal).catch(() => undefined);
      }
      return () => {
        all.delete(seen);
        if (all.size === 0 && followers.get(name) === all) followers.delete(name);
        if (followers.size > 0) return;
        abort?.abort();
        abort = null;
      };
    },
    release() {
      followers.clear();
      abort?.abort();
      abort = null;
    },
  };
}
