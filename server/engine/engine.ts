/** The engine: each turn reads what is new, decides, commits once, and only then acts on the world. */
import { transactNow } from "@/db/client";
import { storageTrouble } from "@/db/storage-trouble";
import type { News } from "./attempt-desk";
import { type EngineOptions, type EngineParts, engineParts } from "./engine-parts";
import type { RunMemory } from "./run-cache";
import { takeOver } from "./take-over";
import { type Effect, newTurn, RunTrouble, type Turn, type TurnEnd } from "./turn";

const INTENTS_PER_TURN = 100;
/** While moments of recurring runs are due, the runs that come of them are taken up one by one, so that none is starved. */
const INTENTS_WHILE_DUE = 1;
const BACKLOG_PER_TURN = 50;
/** Decisions and inserted tasks per turn: about 10 ms under the write lock. */
const BUDGET = 250;
/** While steps run, the rest waits a little so that a free slot does not. */
const BUDGET_WHILE_RUNNING = 100;
/** How long the identity of a new process waits for other news: that of a quick step rides with its end. */
const BEGAN_RESTS_MS = 4;
const EVENTS_KEPT_MS = 7 * 24 * 3_600_000;
const EVENTS_KEPT = 2_000_000;
const EVENTS_PER_SWEEP = 500;

export class Engine {
  readonly #options: EngineOptions;
  readonly #parts: EngineParts;
  /** Runs that have something to do without any news, in the order in which they came. */
  readonly #busy = new Set<number>();
  /** Open runs that an earlier engine left and that nobody has looked at yet. */
  #backlog: number[] = [];
  /** Runs that the next turn gives up, with what went wrong. */
  readonly #broken = new Map<number, unknown>();
  #hasIntents = true;
  #isClosing = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#parts = engineParts(options, {
      wakeRun: (runKey) => this.#busy.add(runKey),
      forget: () => this.#forget(),
    });
  }

  /** Whether steps live or runs have something to do. */
  get isActive(): boolean {
    const { desk } = this.#parts;
    return desk.liveCount > 0 || desk.inbox.length > 0 || this.#busy.size > 0 || this.#backlog.length > 0;
  }

  /** Takes note that the loop came later than it had asked for. */
  noteLag(byMs: number): void {
    this.#parts.heartbeat.measure.late(byMs);
  }

  /** When something is due without any news, infinite when nothing is. */
  get nextTimerMs(): number {
    return Math.min(this.#parts.timers.nextMs, this.#parts.recurrences.nextMs);
  }

  /** How long it is until then; infinite too once it is due and has not been dealt with. */
  get untilTimerMs(): number {
    const untilMs = this.nextTimerMs - this.#options.clock.now();
    return untilMs > 0 ? untilMs : Number.POSITIVE_INFINITY;
  }

  /** Whether something has happened that a turn should record now. */
  get hasNews(): boolean {
    const nowMs = this.#options.clock.now();
    const isResting = (atMs: number): boolean => nowMs >= atMs && nowMs < atMs + BEGAN_RESTS_MS;
    return this.#parts.desk.inbox.some((news) => news.what !== "began" || !isResting(news.atMs));
  }

  /** Takes over what an earlier engine left. Has to be over before the first turn. */
  async recover(): Promise<void> {
    const { queries, cache, claims, desk, clockWatch } = this.#parts;
    this.#backlog = queries.runs.open();
    const broken = await takeOver(queries, { cache, claims, desk });
    for (const [runKey, cause] of broken) this.#broken.set(runKey, cause);
    clockWatch.takeOver();
  }

  /** Does what there is to do now, in one commit. Throws only when the database cannot be trusted any more. */
  turn(): TurnEnd {
    const { clockWatch, desk, heartbeat, recurrences } = this.#parts;
    clockWatch.look();
    const nowMs = this.#options.clock.now();
    if (this.#options.hasChanged()) this.#lookAround();
    desk.collectAgain();
    if (!this.#isDue(nowMs)) return { next: "idle" };
    const beganAt = performance.now();
    const news = [...desk.inbox];
    const turn = newTurn(nowMs, desk.liveCount > 0 ? BUDGET_WHILE_RUNNING : BUDGET);
    let hasBegun = false;
    try {
      transactNow(this.#options.db, () => {
        hasBegun = true;
        if (clockWatch.moveAlong(nowMs)) turn.hasTimers = true;
        this.#work(turn, news);
      });
    } catch (error) {
      return this.#undo(error, hasBegun);
    }
    desk.inbox.splice(0, news.length);
    heartbeat.measure.turned(performance.now() - beganAt);
    this.#afterCommit(turn);
    const isMore = this.#hasIntents || this.#busy.size > 0 || this.#backlog.length > 0;
    return isMore || recurrences.isDue(nowMs) ? { next: "now" } : { next: "idle" };
  }

  /** Deletes a small part of the change feed that is past its time; true while there may be more. */
  sweepEvents(): boolean {
    const before = this.#options.clock.now() - EVENTS_KEPT_MS;
    const sweep = () => this.#parts.queries.events.sweep(before, EVENTS_KEPT, EVENTS_PER_SWEEP);
    return transactNow(this.#options.db, sweep) === EVENTS_PER_SWEEP;
  }

  /** Records what is known, starts nothing more and lets go of the steps, which run on. */
  close(): void {
    this.#isClosing = true;
    if (this.#parts.desk.inbox.length > 0) this.turn();
    this.#options.runner.release();
  }

  /** Somebody else has written: there may be intents, and another next moment of the recurring runs. */
  #lookAround(): void {
    const { hasIntents, nextDueMs } = this.#parts.queries.runs.look();
    this.#hasIntents ||= hasIntents;
    this.#parts.recurrences.expect(nextDueMs);
  }

  #isDue(nowMs: number): boolean {
    const { heartbeat, rest, clockWatch } = this.#parts;
    const isWorkDue = this.#busy.size > 0 || this.#backlog.length > 0 || this.#broken.size > 0;
    const isTimeDue = heartbeat.isDue(nowMs) || rest.isOver(nowMs) || nowMs >= this.nextTimerMs;
    return this.hasNews || this.#hasIntents || isWorkDue || isTimeDue || clockWatch.isDue;
  }

  #work(turn: Turn, news: readonly News[]): void {
    const { rows, timers, rest, recurrences, heartbeat } = this.#parts;
    for (const [runKey, cause] of this.#broken) rows.giveUp(turn, runKey, cause);
    this.#record(turn, news);
    if (!this.#isClosing) {
      this.#readIntents(turn);
      for (const runKey of this.#backlog.splice(0, BACKLOG_PER_TURN)) this.#busy.add(runKey);
      if (timers.isDue(turn.nowMs)) this.#endOverdue(turn);
    }
    this.#advance(turn);
    rest.learn(turn.nowMs, news);
    if (!this.#isClosing) this.#claim(turn);
    rows.flush(turn);
    if (recurrences.release(turn)) this.#hasIntents = true;
    if (!this.#isClosing && recurrences.isDue(turn.nowMs) && recurrences.fire(turn)) this.#hasIntents = true;
    if (turn.hasTimers) timers.learn(turn.nowMs);
    heartbeat.beat(turn.nowMs);
  }

  #record(turn: Turn, news: readonly News[]): void {
    const over = new Set(news.filter((one) => one.what !== "began").map((one) => one.request.attemptKey));
    for (const one of news) {
      if (one.what === "began" && over.has(one.request.attemptKey)) continue;
      this.#forRun(one.request.run.key, () => this.#parts.bookkeeper.record(turn, one));
    }
  }

  #readIntents(turn: Turn): void {
    if (!this.#hasIntents) return;
    const { recurrences, queries, orchestrator } = this.#parts;
    const most = recurrences.isDue(turn.nowMs) ? INTENTS_WHILE_DUE : INTENTS_PER_TURN;
    const keys = queries.runs.intents(most);
    this.#hasIntents = keys.length === most;
    for (const key of keys) this.#forRun(key, () => orchestrator.notice(turn, key));
  }

  /** Stops what is past its time limit. */
  #endOverdue(turn: Turn): void {
    turn.hasTimers = true;
    const { claims, orchestrator, queries } = this.#parts;
    const { attempts, runs } = queries;
    for (const { key, taskKey, runKey } of attempts.overdue(turn.nowMs)) {
      this.#forRun(runKey, () => claims.timeOut(turn, key, taskKey, runKey));
    }
    for (const runKey of runs.overdue(turn.nowMs)) this.#forRun(runKey, () => orchestrator.timeOut(turn, runKey));
  }

  #advance(turn: Turn): void {
    const { cache, orchestrator } = this.#parts;
    for (const runKey of this.#busy) {
      if (turn.budget <= 0) return;
      this.#busy.delete(runKey);
      this.#forRun(runKey, () => {
        const run = cache.open(runKey);
        return run === null || orchestrator.advance(turn, run) ? null : run;
      });
    }
  }

  #claim(turn: Turn): void {
    const { claims, rest } = this.#parts;
    if (turn.hasTimers) claims.releaseTries(turn);
    for (const queued of claims.next(this.#options.slots, rest.most(turn.nowMs))) {
      this.#forRun(queued.runKey, () => claims.claim(turn, queued));
    }
  }

  /** Does something for a run, which goes on afterwards if it is answered; what goes wrong is the run's alone. */
  #forRun(runKey: number, work: () => RunMemory | null): void {
    try {
      if (work() !== null) this.#busy.add(runKey);
    } catch (error) {
      throw storageTrouble(error) === null ? new RunTrouble(runKey, error) : error;
    }
  }

  #afterCommit(turn: Turn): void {
    const { storageWait, clockWatch, heartbeat, rest, cache } = this.#parts;
    storageWait.over();
    clockWatch.committed();
    this.#broken.clear();
    heartbeat.committed(turn.nowMs);
    rest.tried(turn.nowMs);
    cache.trim((key) => this.#busy.has(key));
    for (const effect of turn.effects) this.#act(effect);
  }

  #act(effect: Effect): void {
    const { desk } = this.#parts;
    if (effect.do === "begin") desk.begin(effect.request);
    else desk.stop(effect.attemptKey, effect.graceMs);
  }

  /** After a turn that was rolled back: memory is dropped, the news stay, and every touched run is looked at again. */
  #undo(error: unknown, hasBegun: boolean): TurnEnd {
    const { storageWait } = this.#parts;
    const trouble = storageTrouble(error);
    if (trouble === "fatal") throw error;
    if (hasBegun) this.#forget();
    if (trouble === "busy") return storageWait.busy();
    if (error instanceof RunTrouble) {
      this.#options.log.error({ err: error.cause, run: error.runKey }, "a run cannot go on and is given up");
      this.#broken.set(error.runKey, error.cause);
      return { next: "now" };
    }
    if (trouble === null) throw error;
    return storageWait.full();
  }

  /** Drops what was read of rows; every open run is looked at again. */
  #forget(): void {
    const { cache, reuse, recurrences, timers, queries } = this.#parts;
    cache.clear();
    reuse.clear();
    recurrences.forget();
    timers.forget();
    this.#backlog = queries.runs.open();
    this.#hasIntents = true;
  }
}

/** An engine over a migrated database whose lock the caller holds. */
export const createEngine = (options: EngineOptions): Engine => new Engine(options);
