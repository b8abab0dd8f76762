/** The engine: each turn reads what is new, decides, commits once, and only then acts on the world. */
import { type Db, transactNow } from "@/db/client";
import { type EngineQueries, engineQueries } from "@/db/queries/engine";
import { storageTrouble } from "@/db/storage-trouble";
import type { DataDir } from "@/server/platform/data-dir";
import type { Log } from "@/server/platform/log";
import { AttemptDesk, type News } from "./attempt-desk";
import type { AttemptRunner } from "./attempts/contract";
import { Bookkeeper } from "./bookkeeper";
import { Claims } from "./claims";
import { ClockWatch } from "./clock-watch";
import { DiskRest } from "./disk-rest";
import { Heartbeat } from "./heartbeat";
import { Orchestrator } from "./orchestrator";
import { Recurrences } from "./recurrences";
import { RunCache, type RunMemory } from "./run-cache";
import { RunRows } from "./run-rows";
import type { EngineClock } from "./steady-clock";
import { StepInputs } from "./step-inputs";
import { StepOutputs } from "./step-outputs";
import { StepReuse } from "./step-reuse";
import { StorageWait } from "./storage-wait";
import { takeOver } from "./take-over";
import { TaskMaker } from "./task-maker";
import { Timers } from "./timers";
import { type Effect, newTurn, RunTrouble, type Turn, type TurnEnd } from "./turn";

export interface EngineOptions {
  readonly db: Db;
  readonly runner: AttemptRunner;
  readonly clock: EngineClock;
  /** Steps at once. */
  readonly slots: number;
  readonly dataDir: Pick<DataDir, "home">;
  readonly log: Log;
  /** Called when there is something for a turn to record at once. */
  readonly wake: () => void;
  /** Whether somebody else has written since the last question; a hint that intents may be there. */
  readonly hasChanged: () => boolean;
}

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
  readonly #queries: EngineQueries;
  readonly #cache: RunCache;
  readonly #desk: AttemptDesk;
  readonly #orchestrator: Orchestrator;
  readonly #bookkeeper: Bookkeeper;
  readonly #rows: RunRows;
  readonly #claims: Claims;
  readonly #inputs: StepInputs;
  readonly #reuse: StepReuse;
  readonly #timers: Timers;
  readonly #recurrences: Recurrences;
  readonly #rest: DiskRest;
  readonly #storageWait: StorageWait;
  readonly #heartbeat: Heartbeat;
  readonly #clockWatch: ClockWatch;
  /** Runs that have something to do without any news, in the order in which they came. */
  readonly #busy = new Set<number>();
  /** Open runs that an earlier engine left and that nobody has looked at yet. */
  #backlog: number[] = [];
  /** Runs that the next turn gives up, with what went wrong. */
  readonly #broken = new Map<number, unknown>();
  #hasIntents = true;
  #isClosing = false;

  constructor(options: EngineOptions) {
    const { db, runner, clock, slots, dataDir, log, wake } = options;
    this.#options = options;
    this.#queries = engineQueries(db);
    this.#heartbeat = new Heartbeat(this.#queries, clock, slots);
    this.#cache = new RunCache(this.#queries);
    this.#rows = new RunRows(this.#queries, this.#cache);
    this.#timers = new Timers(this.#queries);
    this.#recurrences = new Recurrences(db, this.#queries, log);
    this.#inputs = new StepInputs(this.#queries, this.#cache, dataDir.home);
    const wakeRun = (runKey: number) => this.#busy.add(runKey);
    this.#reuse = new StepReuse(this.#queries, this.#cache, { home: dataDir.home, wake: wakeRun });
    this.#rest = new DiskRest(log);
    this.#storageWait = new StorageWait(log);
    this.#desk = new AttemptDesk(runner, clock.now, log, wake);
    this.#clockWatch = new ClockWatch(this.#queries, {
      clock,
      desk: this.#desk,
      heartbeat: this.#heartbeat,
      log,
      forget: () => this.#forget(),
    });
    this.#orchestrator = new Orchestrator(this.#queries, {
      cache: this.#cache,
      inputs: this.#inputs,
      outputs: new StepOutputs(this.#queries),
      maker: new TaskMaker(this.#queries),
      reuse: this.#reuse,
    });
    this.#bookkeeper = new Bookkeeper(this.#queries, this.#cache, this.#orchestrator, dataDir.home);
    this.#claims = new Claims(this.#queries, this.#cache, this.#orchestrator, this.#inputs);
  }

  /** Whether steps live or runs have something to do. */
  get isActive(): boolean {
    return this.#desk.liveCount > 0 || this.#desk.inbox.length > 0 || this.#busy.size > 0 || this.#backlog.length > 0;
  }

  /** Takes note that the loop came later than it had asked for. */
  noteLag(byMs: number): void {
    this.#heartbeat.measure.late(byMs);
  }

  /** When something is due without any news, infinite when nothing is. */
  get nextTimerMs(): number {
    return Math.min(this.#timers.nextMs, this.#recurrences.nextMs);
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
    return this.#desk.inbox.some((news) => news.what !== "began" || !isResting(news.atMs));
  }

  /** Takes over what an earlier engine left. Has to be over before the first turn. */
  async recover(): Promise<void> {
    this.#backlog = this.#queries.runs.open();
    const parts = { cache: this.#cache, claims: this.#claims, desk: this.#desk };
    const broken = await takeOver(this.#queries, parts);
    for (const [runKey, cause] of broken) this.#broken.set(runKey, cause);
    this.#clockWatch.takeOver();
  }

  /** Does what there is to do now, in one commit. Throws only when the database cannot be trusted any more. */
  turn(): TurnEnd {
    this.#clockWatch.look();
    const nowMs = this.#options.clock.now();
    if (this.#options.hasChanged()) this.#lookAround();
    this.#desk.collectAgain();
    if (!this.#isDue(nowMs)) return { next: "idle" };
    const beganAt = performance.now();
    const news = [...this.#desk.inbox];
    const turn = newTurn(nowMs, this.#desk.liveCount > 0 ? BUDGET_WHILE_RUNNING : BUDGET);
    let hasBegun = false;
    try {
      transactNow(this.#options.db, () => {
        hasBegun = true;
        if (this.#clockWatch.moveAlong(nowMs)) turn.hasTimers = true;
        this.#work(turn, news);
      });
    } catch (error) {
      return this.#undo(error, hasBegun);
    }
    this.#desk.inbox.splice(0, news.length);
    this.#heartbeat.measure.turned(performance.now() - beganAt);
    this.#afterCommit(turn);
    const isMore = this.#hasIntents || this.#busy.size > 0 || this.#backlog.length > 0;
    return isMore || this.#recurrences.isDue(nowMs) ? { next: "now" } : { next: "idle" };
  }

  /** Deletes a small part of the change feed that is past its time; true while there may be more. */
  sweepEvents(): boolean {
    const before = this.#options.clock.now() - EVENTS_KEPT_MS;
    const sweep = () => this.#queries.events.sweep(before, EVENTS_KEPT, EVENTS_PER_SWEEP);
    return transactNow(this.#options.db, sweep) === EVENTS_PER_SWEEP;
  }

  /** Records what is known, starts nothing more and lets go of the steps, which run on. */
  close(): void {
    this.#isClosing = true;
    if (this.#desk.inbox.length > 0) this.turn();
    this.#options.runner.release();
  }

  /** Somebody else has written: there may be intents, and another next moment of the recurring runs. */
  #lookAround(): void {
    const { hasIntents, nextDueMs } = this.#queries.runs.look();
    this.#hasIntents ||= hasIntents;
    this.#recurrences.expect(nextDueMs);
  }

  #isDue(nowMs: number): boolean {
    const isWorkDue = this.#busy.size > 0 || this.#backlog.length > 0 || this.#broken.size > 0;
    const isTimeDue = this.#heartbeat.isDue(nowMs) || this.#rest.isOver(nowMs) || nowMs >= this.nextTimerMs;
    return this.hasNews || this.#hasIntents || isWorkDue || isTimeDue || this.#clockWatch.isDue;
  }

  #work(turn: Turn, news: readonly News[]): void {
    for (const [runKey, cause] of this.#broken) this.#rows.giveUp(turn, runKey, cause);
    this.#record(turn, news);
    if (!this.#isClosing) {
      this.#readIntents(turn);
      for (const runKey of this.#backlog.splice(0, BACKLOG_PER_TURN)) this.#busy.add(runKey);
      if (this.#timers.isDue(turn.nowMs)) this.#endOverdue(turn);
    }
    this.#advance(turn);
    this.#rest.learn(turn.nowMs, news);
    if (!this.#isClosing) this.#claim(turn);
    this.#rows.flush(turn);
    if (this.#recurrences.release(turn)) this.#hasIntents = true;
    if (!this.#isClosing && this.#recurrences.isDue(turn.nowMs) && this.#recurrences.fire(turn))
      this.#hasIntents = true;
    if (turn.hasTimers) this.#timers.learn(turn.nowMs);
    this.#heartbeat.beat(turn.nowMs);
  }

  #record(turn: Turn, news: readonly News[]): void {
    const over = new Set(news.filter((one) => one.what !== "began").map((one) => one.request.attemptKey));
    for (const one of news) {
      if (one.what === "began" && over.has(one.request.attemptKey)) continue;
      this.#forRun(one.request.run.key, () => this.#bookkeeper.record(turn, one));
    }
  }

  #readIntents(turn: Turn): void {
    if (!this.#hasIntents) return;
    const most = this.#recurrences.isDue(turn.nowMs) ? INTENTS_WHILE_DUE : INTENTS_PER_TURN;
    const keys = this.#queries.runs.intents(most);
    this.#hasIntents = keys.length === most;
    for (const key of keys) this.#forRun(key, () => this.#orchestrator.notice(turn, key));
  }

  /** Stops what is past its time limit. */
  #endOverdue(turn: Turn): void {
    turn.hasTimers = true;
    const { attempts, runs } = this.#queries;
    for (const { key, taskKey, runKey } of attempts.overdue(turn.nowMs)) {
      this.#forRun(runKey, () => this.#claims.timeOut(turn, key, taskKey, runKey));
    }
    for (const runKey of runs.overdue(turn.nowMs)) this.#forRun(runKey, () => this.#orchestrator.timeOut(turn, runKey));
  }

  #advance(turn: Turn): void {
    for (const runKey of this.#busy) {
      if (turn.budget <= 0) return;
      this.#busy.delete(runKey);
      this.#forRun(runKey, () => {
        const run = this.#cache.open(runKey);
        return run === null || this.#orchestrator.advance(turn, run) ? null : run;
      });
    }
  }

  #claim(turn: Turn): void {
    if (turn.hasTimers) this.#claims.releaseTries(turn);
    for (const queued of this.#claims.next(this.#options.slots, this.#rest.most(turn.nowMs))) {
      this.#forRun(queued.runKey, () => this.#claims.claim(turn, queued));
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
    this.#storageWait.over();
    this.#clockWatch.committed();
    this.#broken.clear();
    this.#heartbeat.committed(turn.nowMs);
    this.#rest.tried(turn.nowMs);
    this.#cache.trim((key) => this.#busy.has(key));
    for (const effect of turn.effects) this.#act(effect);
  }

  #act(effect: Effect): void {
    if (effect.do === "begin") this.#desk.begin(effect.request);
    else this.#desk.stop(effect.attemptKey, effect.graceMs);
  }

  /** After a turn that was rolled back: memory is dropped, the news stay, and every touched run is looked at again. */
  #undo(error: unknown, hasBegun: boolean): TurnEnd {
    const trouble = storageTrouble(error);
    if (trouble === "fatal") throw error;
    if (hasBegun) this.#forget();
    if (trouble === "busy") return this.#storageWait.busy();
    if (error instanceof RunTrouble) {
      this.#options.log.error({ err: error.cause, run: error.runKey }, "a run cannot go on and is given up");
      this.#broken.set(error.runKey, error.cause);
      return { next: "now" };
    }
    if (trouble === null) throw error;
    return this.#storageWait.full();
  }

  /** Drops what was read of rows; every open run is looked at again. */
  #forget(): void {
    this.#cache.clear();
    this.#reuse.clear();
    this.#recurrences.forget();
    this.#timers.forget();
    this.#backlog = this.#queries.runs.open();
    this.#hasIntents = true;
  }
}

/** An engine over a migrated database whose lock the caller holds. */
export const createEngine = (options: EngineOptions): Engine => new Engine(options);
