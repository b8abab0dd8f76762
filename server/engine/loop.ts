/** Turns the engine: at once when there is news, every few milliseconds while something goes on, seldom when idle. */
import type { Log } from "@/server/platform/log";
import type { AttemptRunner } from "./attempts/contract";
import type { Engine } from "./engine";

/** How often the database is asked for changes: soon after activity, and after a quiet while. */
const WATCHFUL_MS = 4;
const IDLE_MS = 20;
const WATCHFUL_FOR_MS = 5_000;
const NOTE_LOGS_MS = 100;
const SWEEP_MS = 3_600_000;
const SWEEP_CHUNK_MS = 50;

export interface Loop {
  /** Asks for a turn as soon as what is under way in this process has been handled. */
  wake(): void;
  /** Ends the loop; the engine is left as it stands. */
  stop(): void;
}

export interface LoopEvents {
  /** Called once, when the database cannot be trusted any more. */
  readonly onFatal: (error: unknown) => void;
  /** Called each time the loop comes to rest after a while of activity. */
  readonly onRest?: () => void;
}

/** Drives `engine` until stopped. */
export function startLoop(
  engine: Engine,
  runner: Pick<AttemptRunner, "noteLogs">,
  log: Log,
  { onFatal, onRest }: LoopEvents,
): Loop {
  let isStopped = false;
  let isAwake = false;
  let restUntil = 0;
  let watchUntil = performance.now() + WATCHFUL_FOR_MS;
  let isWatchful = true;
  let notedAt = 0;
  let sweepAt = performance.now() + SWEEP_MS;
  let timer: NodeJS.Timeout | undefined;
  let wantedAt = performance.now();

  const fail = (error: unknown): void => {
    stop();
    onFatal(error);
  };

  const turn = (): void => {
    isAwake = false;
    if (isStopped || performance.now() < restUntil) return;
    try {
      const end = engine.turn();
      if (end.next === "now") wake();
      else if (end.next === "later") restUntil = performance.now() + end.waitMs;
    } catch (error) {
      fail(error);
    }
  };

  const wake = (): void => {
    watchUntil = performance.now() + WATCHFUL_FOR_MS;
    if (isAwake || isStopped) return;
    isAwake = true;
    setImmediate(turn);
  };

  const sweep = (now: number): void => {
    if (now < sweepAt) return;
    try {
      sweepAt = now + (engine.sweepEvents() ? SWEEP_CHUNK_MS : SWEEP_MS);
    } catch (error) {
      log.warn({ err: error }, "old events could not be removed; trying again later");
      sweepAt = now + SWEEP_MS;
    }
  };

  const tick = (): void => {
    if (isStopped) return;
    const now = performance.now();
    engine.noteLag(Math.max(0, now - wantedAt));
    if (!isAwake) turn();
    if (engine.isActive) {
      watchUntil = now + WATCHFUL_FOR_MS;
      if (now - notedAt >= NOTE_LOGS_MS) {
        notedAt = now;
        runner.noteLogs(Date.now());
      }
    }
    sweep(now);
    const comesToRest = isWatchful && now >= watchUntil;
    isWatchful = now < watchUntil;
    if (comesToRest) onRest?.();
    // What is due between two looks is not late for want of one.
    const pauseMs = Math.min(isWatchful ? WATCHFUL_MS : IDLE_MS, engine.untilTimerMs);
    wantedAt = performance.now() + pauseMs;
    timer = setTimeout(tick, pauseMs);
  };

  const stop = (): void => {
    isStopped = true;
    clearTimeout(timer);
  };

  tick();
  return { wake, stop };
}
