/** Follows one container from its start to its end: output, use of the machine, requests to end, an engine that goes away. */

import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Reason } from "@/server/domain/reason";
import { ATTEMPT_FILES } from "@/server/platform/data-dir";
import { logTail } from "../../attempts/collect/failure";
import type { ExitReport } from "../../attempts/contract";
import { StartRefusal } from "../../attempts/contract";
import { writeEnd } from "../attempt-end";
import { type EngineClient, EngineError, EngineGone, type Inspected } from "./client";
import { bringOutput } from "./output";
import type { Fence } from "./traces";
import { endReason, REMOVED, startTrouble, UNREACHABLE } from "./words";

const SETTLE_MS = 5_000;
const AGAIN_LEAST_MS = 50;
const AGAIN_MOST_MS = 2_000;
/** Exit codes of what an engine ends when it ends itself: TERM, then KILL. */
const ENDED_BY_ENGINE: ReadonlySet<number> = new Set([143, 137]);
const GOING_MS = 1_500;
/** Looked at early, since most steps are short, and then less and less often. */
const FIRST_LOOK_MS = 300;
const LOOK_MS = 2_000;
const KILL_AGAIN_MS = 1_000;
/** A stopped attempt whose engine stays away is given up after this; its container is removed when the engine is back. */
const GIVE_UP_MS = 30_000;

export interface Subject {
  readonly client: EngineClient;
  readonly container: string;
  readonly directory: string;
  readonly fence: Fence;
  readonly ended: (report: ExitReport) => void;
}

export interface Follower {
  /** Asks the container to end, and makes it after the grace. A second call can only shorten the grace. */
  stop(graceMs: number): void;
  /** Lets go of it; nothing is ended. */
  release(): void;
}

const finishedAtMs = ({ State }: Inspected): number => {
  const at = Date.parse(State.FinishedAt);
  return Number.isFinite(at) && at > 0 ? at : Date.now();
};

/** Follows a container; `isFresh` says that it was started this moment. */
export function followContainer(subject: Subject, isFresh: boolean): Follower {
  const { client, container, directory, fence } = subject;
  const log = { directory, logBytes: fence.logBytes };
  const abort = new AbortController();
  let isOver = false;
  let wasAway = false;
  let stopAtMs: number | null = null;
  let killTimer: NodeJS.Timeout | null = null;
  let peakBytes: number | null = null;
  let cpuMs: number | null = null;

  const look = async (): Promise<void> => {
    const seen = await client.stats(container).catch(() => null);
    if (seen === null || seen.memoryBytes === 0) return;
    peakBytes = Math.max(peakBytes ?? 0, seen.memoryBytes);
    cpuMs = Math.max(cpuMs ?? 0, seen.cpuMs);
  };
  let looking: NodeJS.Timeout | null = null;
  const lookAfter = (ms: number): void => {
    looking = setTimeout(() => {
      void look();
      lookAfter(Math.min(LOOK_MS, ms * 2));
    }, ms).unref();
  };
  lookAfter(FIRST_LOOK_MS);

  const letGo = (): void => {
    isOver = true;
    if (looking !== null) clearTimeout(looking);
    if (killTimer !== null) clearTimeout(killTimer);
    abort.abort();
  };

  const finish = (end: Pick<ExitReport, "code" | "atMs">, reason: Reason | null): void => {
    if (isOver) return;
    letGo();
    const report: ExitReport = {
      ...end,
      signal: null,
      usage: { cpuMs, peakBytes },
      ...(reason === null ? {} : { reason }),
    };
    try {
      writeEnd(directory, report);
    } catch {
      // A full disk: the container is kept as the only witness, and goes with the next sweep.
      subject.ended(report);
      return;
    }
    subject.ended(report);
  };

  /** An engine that is told to end ends its containers first, and answers for a moment yet. */
  const isGoing = async ({ State }: Inspected): Promise<boolean> => {
    if (wasAway) return true;
    if (stopAtMs !== null || State.OOMKilled || !ENDED_BY_ENGINE.has(State.ExitCode)) return false;
    return !(await client.stays(GOING_MS));
  };

  const finishAs = async (found: Inspected): Promise<void> => {
    const isAway = stopAtMs === null && (await isGoing(found));
    const tail = logTail(join(directory, ATTEMPT_FILES.log));
    const reason = endReason(found, { image: fence.image, tail, wasAway: isAway });
    finish({ code: found.State.ExitCode, atMs: finishedAtMs(found) }, reason);
  };

  /** The container as it stands once its output is over; null when it runs on. */
  const settled = async (): Promise<Inspected | null> => {
    const first = await client.inspect(container);
    if (!first.State.Running) return first;
    await client.wait(container, SETTLE_MS);
    const second = await client.inspect(container);
    return second.State.Running ? null : second;
  };

  const startAgain = async (): Promise<void> => {
    try {
      await client.start(container);
    } catch (error) {
      const trouble = startTrouble(error, fence.image);
      if (error instanceof EngineGone || !(trouble instanceof StartRefusal)) throw error;
      finish({ code: null, atMs: Date.now() }, trouble.reason);
    }
  };

  const follow = async (): Promise<void> => {
    for (let isKnown = isFresh, againMs = AGAIN_LEAST_MS; !isOver; isKnown = false) {
      try {
        // Starting is safe to ask for again: one that runs stays as it is.
        if (!isKnown && (await client.inspect(container)).State.Status === "created") await startAgain();
        await bringOutput(client, container, log, true, abort.signal);
        const end = await settled();
        if (end !== null) {
          // A follower is let go at the container's end, at times before it was given the last line.
          await bringOutput(client, container, log, false, abort.signal);
          return await finishAs(end);
        }
        againMs = AGAIN_LEAST_MS;
      } catch (error) {
        if (isOver) return;
        if (error instanceof EngineError && error.status === 404) {
          return finish({ code: null, atMs: Date.now() }, REMOVED);
        }
        if (error instanceof EngineGone) wasAway = true;
        await delay(againMs, undefined, { signal: abort.signal }).catch(() => undefined);
        againMs = Math.min(againMs * 2, AGAIN_MOST_MS);
      }
    }
  };

  const killWhenDue = (): void => {
    if (killTimer !== null) clearTimeout(killTimer);
    const dueMs = Math.max(0, (stopAtMs ?? 0) - Date.now());
    killTimer = setTimeout(() => void kill(), dueMs);
  };

  const kill = async (): Promise<void> => {
    if (isOver) return;
    const sinceMs = Date.now() - (stopAtMs ?? 0);
    const isAnswered = await client.kill(container, "SIGKILL").then(
      () => true,
      (error: unknown) => !(error instanceof EngineGone),
    );
    if (isOver) return;
    if (!isAnswered && sinceMs > GIVE_UP_MS) return finish({ code: null, atMs: Date.now() }, UNREACHABLE);
    killTimer = setTimeout(() => void kill(), KILL_AGAIN_MS);
  };

  void follow();

  return {
    stop(graceMs) {
      const atMs = Date.now() + graceMs;
      if (isOver || (stopAtMs !== null && atMs >= stopAtMs)) return;
      // One that cannot be told now is killed when the grace is over.
      if (stopAtMs === null && graceMs > 0) client.kill(container, "SIGTERM").catch(() => undefined);
      stopAtMs = atMs;
      killWhenDue();
    },
    release: letGo,
  };
}
