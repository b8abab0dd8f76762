/** Follows one pod from its making to its end: what it waits for, its output, requests to end, a cluster that goes away. */
import { join } from "node:path";
import { setTimeout as delay, setImmediate as immediate } from "node:timers/promises";
import type { Reason } from "@/server/domain/reason";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import type { ExitReport } from "../../attempts/contract";
import { changeFence, writeEnd } from "../attempt-end";
import { ApiError, isMissing, type KubeClient, waitOf } from "./client";
import type { PodFence } from "./fence";
import { aside, logSize, sayTo } from "./log";
import { type Look, lookAt, REMOVED } from "./look";
import { bringOutput } from "./output";
import { MARKS, type Pod } from "./pod";
import { againAfter, type PodWatch } from "./watch";
import { UNREACHABLE, withEvents } from "./words";

/** A pod that nothing is heard of is looked at by itself: a node that is lost sends nothing. */
const LOOK_MS = 30_000;
/** The rest of a log is waited for this long after the end of its container. */
const LOG_MS = 15_000;
/** A pod that was told to end, of a cluster that stays away, is given up after this and removed when it is back. */
const GIVE_UP_MS = 60_000;
/** A log is read once more from its beginning where the node still keeps all of it. */
const READ_AGAIN_BYTES = 4 * 2 ** 20;

export interface Subject {
  readonly client: KubeClient;
  readonly watch: PodWatch;
  readonly directory: string;
  /** Its pod's uid is null where nobody knows yet whether the pod was made. */
  readonly fence: PodFence;
  readonly memoryLimitBytes: number | null;
  readonly ended: (report: ExitReport) => void;
}

export interface Follower {
  /** Asks the pod to end within the grace. A second call can only shorten it. */
  stop(graceMs: number): void;
  /** Lets go of it; nothing is ended. */
  release(): void;
}

/** How the step's container ended, where it did. */
const mainEnd = ({ status }: Pod) => status?.containerStatuses?.find(({ name }) => name === "main")?.state?.terminated;

type Ended = Extract<Look, { is: "ended" }>;

/** Follows a pod; `first` is what is known of it. */
export function followPod(subject: Subject, first: Pod | null): Follower {
  const { client, watch, directory, fence } = subject;
  const abort = new AbortController();
  const say = sayTo(join(directory, ATTEMPT_FILES.log));
  let isOver = false;
  let stopAtMs: number | null = null;
  let hasOutput = false;
  let logBytes = fence.logBytes;
  let told: string | null = null;
  let isSilent = false;
  let words = fence.words;
  const waitingSinceMs = Date.now();
  let output: Promise<void> | null = null;
  let uid = fence.uid;

  /** Whether it is the attempt's own pod, and no other that was made under its name since. */
  const isOurs = ({ metadata }: Pod): boolean => {
    if (uid === null && metadata.labels?.[MARKS.fence] === fence.fence) uid = metadata.uid;
    return metadata.uid === uid;
  };

  const letGo = (): void => {
    isOver = true;
    clearInterval(looking);
    unfollow();
    abort.abort();
  };

  const finish = (end: Pick<ExitReport, "code" | "atMs" | "usage">, reason: Reason | null): void => {
    if (isOver) return;
    letGo();
    const report: ExitReport = { ...end, signal: null, ...(reason === null ? {} : { reason }) };
    try {
      writeEnd(directory, report);
    } catch {
      // A full disk: the pod is kept as the only witness, and goes with the next sweep.
    }
    subject.ended(report);
  };

  /** With what the cluster says of the pod, where that explains something. */
  const explained = async (reason: Reason | null): Promise<Reason | null> => {
    if (reason === null) return null;
    const events = await Promise.race([client.podEvents(fence.pod), delay(3_000, [])]).catch(() => []);
    return withEvents(reason, events);
  };

  const bring = (isFollowed: boolean, signal: AbortSignal) =>
    bringOutput(client, fence.pod, { directory, logBytes, words }, isFollowed, signal);

  /** Follows the output, and takes the connection up again until the container has ended. */
  const followOutput = async (): Promise<void> => {
    for (let failures = 0; !isOver; failures++) {
      try {
        await bring(true, abort.signal);
        return;
      } catch (error) {
        if (isOver || isMissing(error)) return;
        await delay(againAfter(failures, waitOf(error)?.leastMs ?? 0), undefined, { signal: abort.signal }).catch(
          () => undefined,
        );
      }
    }
  };

  /** The output is whole once it has ended by itself; what a follower did not get is read once more. */
  const settleOutput = async (): Promise<void> => {
    const untilMs = Date.now() + LOG_MS;
    await Promise.race([beginOutput(), delay(LOG_MS, undefined, { signal: abort.signal })]).catch(() => undefined);
    for (let failures = 0; !isOver && Date.now() < untilMs; failures++) {
      try {
        if (logSize(directory) - logBytes <= READ_AGAIN_BYTES)
          await bring(false, AbortSignal.any([abort.signal, AbortSignal.timeout(LOG_MS)]));
        return;
      } catch (error) {
        if (error instanceof ApiError && waitOf(error) === null) return;
        await delay(againAfter(failures, waitOf(error)?.leastMs ?? 0), undefined, { signal: abort.signal }).catch(
          () => undefined,
        );
      }
    }
  };

  const beginOutput = (): Promise<void> => {
    if (!hasOutput) {
      hasOutput = true;
      output = followOutput();
    }
    return output ?? Promise.resolve();
  };

  const finishAs = async (look: Ended, mayHaveOutput: boolean): Promise<void> => {
    clearInterval(looking);
    if (mayHaveOutput) await settleOutput();
    const { code, atMs, usage } = look;
    finish({ code, atMs, ...(usage !== undefined && { usage }) }, await explained(look.reason));
  };

  /** What the cluster has no pod for any more; a watch may be behind, so it is asked itself. */
  const confirmGone = async (): Promise<void> => {
    try {
      const pod = await client.getPod(fence.pod);
      if (isOurs(pod)) return react(pod);
    } catch (error) {
      if (!isMissing(error)) return;
    }
    isEnding = true;
    await Promise.race([output, delay(LOG_MS)]);
    finish({ code: null, atMs: Date.now() }, stopAtMs === null ? await explained(REMOVED) : null);
  };

  let isEnding = false;
  let latest: Pod | null = first;
  const react = (pod: Pod | null, isGone = pod === null): void => {
    if (isOver || isEnding) return;
    // One that is gone may have said how it ended with its last word.
    if (pod === null || !isOurs(pod) || (isGone && mainEnd(pod) === undefined)) {
      confirmGone().catch(() => undefined);
      return;
    }
    latest = pod;
    const look = lookAt(pod, {
      image: fence.image,
      helperImage: fence.helperImage,
      memoryLimitBytes: subject.memoryLimitBytes,
      isStopped: stopAtMs !== null,
      nowMs: Date.now(),
    });
    if (look.is === "running") {
      void beginOutput();
      if ((look.words !== null) !== isSilent) sayAside(look.words ?? "The node answers again.");
      isSilent = look.words !== null;
    } else if (look.is === "waiting") wait(look);
    else {
      isEnding = true;
      const main = mainEnd(pod);
      finishAs(look, main !== undefined && main.reason !== "StartError").catch(() => undefined);
    }
  };

  const wait = (look: Extract<Look, { is: "waiting" }>): void => {
    const isTooLong = Date.now() - waitingSinceMs > fence.patienceMs;
    if (stopAtMs === null && (look.isHopeless || (isTooLong && !look.isBusy))) {
      isEnding = true;
      remove(1);
      explained(look.reason).then(
        (reason) => finish({ code: null, atMs: Date.now() }, reason),
        () => undefined,
      );
      return;
    }
    // Said before the container's own output begins, whose place in the log is known by its length.
    if (look.words === null || look.words === told || hasOutput) return;
    told = look.words;
    logBytes += say(`${look.words}\n`);
    noteFence();
  };

  const noteFence = (): void => {
    try {
      changeFence(directory, { ...fence, uid, logBytes, words });
    } catch {
      // A full disk: a later engine finds that the output begins elsewhere, and says so in the log.
    }
  };

  /** Noted first: an engine that ends in between tells a little twice, and leaves nothing out. */
  const sayAside = (text: string): void => {
    const line = aside(directory, text);
    const before = words;
    words = { at: before?.at ?? logSize(directory), bytes: (before?.bytes ?? 0) + Buffer.byteLength(line) };
    noteFence();
    if (say(line) > 0) return;
    words = before;
    noteFence();
  };

  const unfollow = watch.follow(fence.pod, react);
  const looking = setInterval(
    () => {
      if (latest !== null) react(latest);
      client.getPod(fence.pod).then(
        (pod) => react(pod),
        (error) => {
          if (isMissing(error)) react(null);
        },
      );
    },
    Math.min(LOOK_MS, fence.patienceMs),
  ).unref();
  if (first !== null) react(first);

  let wantedSeconds: number | null = null;
  let isAsking = false;

  /** Whether the same deletion is to be asked for again: also where it met another change of the pod. */
  const mayAskAgain = async (error: unknown): Promise<{ readonly leastMs: number } | null> => {
    if (!(error instanceof ApiError) || error.status !== 409) return waitOf(error);
    return isOurs(await client.getPod(fence.pod)) ? { leastMs: 0 } : null;
  };

  /** Asks until the cluster has taken the shortest grace that is wanted: one request after the other, that being the last. */
  const askForEnd = async (): Promise<void> => {
    const askedMs = Date.now();
    // A node that has begun to count may not begin anew: what is wanted at once is asked for at once.
    await immediate();
    for (let failures = 0; !isOver && wantedSeconds !== null; failures++) {
      const graceSeconds: number = wantedSeconds;
      try {
        uid ??= (await client.getPod(fence.pod)).metadata.uid;
        await client.deletePod(fence.pod, uid, graceSeconds);
        if (wantedSeconds === graceSeconds) return;
      } catch (error) {
        const again = await mayAskAgain(error);
        if (again === null) return;
        if (Date.now() - askedMs > GIVE_UP_MS + graceSeconds * 1_000) {
          return finish({ code: null, atMs: Date.now() }, UNREACHABLE);
        }
        await delay(againAfter(failures, again.leastMs), undefined, { signal: abort.signal }).catch(() => undefined);
      }
    }
  };

  const remove = (graceSeconds: number): void => {
    wantedSeconds = Math.min(wantedSeconds ?? graceSeconds, graceSeconds);
    if (isAsking) return;
    isAsking = true;
    askForEnd()
      .catch(() => undefined)
      .finally(() => {
        isAsking = false;
      });
  };

  return {
    stop(graceMs) {
      const atMs = Date.now() + graceMs;
      if (isOver || (stopAtMs !== null && atMs >= stopAtMs)) return;
      stopAtMs = atMs;
      // Kubernetes counts seconds, and with none it forgets the pod before its node has ended it.
      remove(Math.max(1, Math.round(graceMs / 1_000)));
    },
    release: letGo,
  };
}
