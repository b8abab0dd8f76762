/** A stage for the engine's tests: database, fake runner and fake clock that outlive the engines played on it. */
import type { Db } from "@/db/client";
import { testDatabase } from "@/db/testing";
import type { AttemptRequest } from "../attempts/contract";
import { createEngine, type Engine } from "../engine";
import { steadyClock } from "../steady-clock";
import { type CutPoint, PowerCut, PowerSwitch, switchedDb, switchedRunner } from "./crash";
import { FakeRunner, type Fate } from "./fake-runner";

const silent = () => undefined;
const quietLog = { trace: silent, debug: silent, info: silent, warn: silent, error: silent, fatal: silent };

/** Lets promises settle that need no time. */
export const flushPromises = () => new Promise<void>((resume) => setImmediate(resume));

export interface StageOptions {
  readonly slots?: number;
  readonly db?: Db;
  readonly fate?: (request: AttemptRequest) => Fate;
  /** Where each engine in turn dies; those after the last one live. */
  readonly cuts?: readonly CutPoint[];
  /** The data directory, for artifacts that are real files. */
  readonly home?: string;
}

export class Stage {
  nowMs = 1_000_000;
  /** By how much the machine's clock was put forward. */
  aheadMs = 0;
  readonly db: Db;
  readonly runner: FakeRunner;
  readonly slots: number;
  readonly #home: string;
  /** Engines that died so far. */
  deaths = 0;
  #cuts: readonly CutPoint[];
  #power = new PowerSwitch(null);
  #engine: Engine;

  private constructor(options: StageOptions) {
    this.db = options.db ?? testDatabase();
    this.slots = options.slots ?? 2;
    this.#home = options.home ?? "/data";
    this.runner = new FakeRunner(
      () => this.nowMs,
      options.fate ?? (() => ({})),
      () => this.nowMs + this.aheadMs,
    );
    this.#cuts = options.cuts ?? [];
    this.#engine = this.#makeEngine();
  }

  static async open(options: StageOptions = {}): Promise<Stage> {
    const stage = new Stage(options);
    await stage.#recover();
    return stage;
  }

  get engine(): Engine {
    return this.#engine;
  }

  /** Statements that the engine has run. */
  get statements(): number {
    return this.#power.statements;
  }

  /** Drops the engine without a word and puts a new one in its place. */
  async restart(): Promise<void> {
    this.runner.release();
    await flushPromises();
    this.#engine = this.#makeEngine();
    await this.#recover();
  }

  /** Turns the engine until it has nothing to do at this moment; one that dies is replaced. */
  async settle(): Promise<void> {
    for (;;) {
      await flushPromises();
      this.runner.endDue();
      await flushPromises();
      const isQuiet = this.#turn();
      await flushPromises();
      if (this.#power.isCut) await this.#replace();
      else if (isQuiet && !this.#engine.hasNews && !this.#isEndDue()) return;
    }
  }

  /** Plays until no process is alive, no further try waits and nothing is left to do, at most `forMs`. */
  async play(forMs = 3_600_000): Promise<void> {
    const last = this.nowMs + forMs;
    for (;;) {
      await this.settle();
      const next = Math.min(this.runner.nextEndMs ?? Number.POSITIVE_INFINITY, this.#engine.nextTimerMs - this.aheadMs);
      if (next > last) return;
      this.nowMs = Math.max(this.nowMs, next);
    }
  }

  #isEndDue = () => (this.runner.nextEndMs ?? Number.POSITIVE_INFINITY) <= this.nowMs;

  #turn(): boolean {
    try {
      return this.#engine.turn().next === "idle";
    } catch (error) {
      if (error instanceof PowerCut) return false;
      throw error;
    }
  }

  async #recover(): Promise<void> {
    await this.#engine.recover();
    if (this.#power.isCut) await this.#replace();
  }

  async #replace(): Promise<void> {
    this.deaths += 1;
    await this.restart();
  }

  #makeEngine(): Engine {
    const [cut, ...rest] = this.#cuts;
    this.#cuts = rest;
    this.#power = new PowerSwitch(cut ?? null);
    return createEngine({
      db: switchedDb(this.db, this.#power),
      runner: switchedRunner(this.runner, this.#power),
      clock: steadyClock({
        wallMs: () => this.nowMs + this.aheadMs,
        steadyMs: () => this.nowMs,
        uptimeMs: () => this.nowMs,
        bootId: "this boot",
      }),
      slots: this.slots,
      dataDir: { home: this.#home },
      log: quietLog,
      wake: silent,
      hasChanged: () => true,
    });
  }
}
