/** A stage for the engine's tests: database, fake runner and fake clock that outlive the engines played on it. */
import type { Db } from "@/db/client";
import { testDatabase } from "@/db/testing";
import type { AttemptRequest } from "../attempts/contract";
import { createEngine, type Engine } from "../engine";
import { FakeRunner, type Fate } from "./fake-runner";

const silent = () => undefined;
const quietLog = { trace: silent, debug: silent, info: silent, warn: silent, error: silent, fatal: silent };

/** Lets promises settle that need no time. */
export const flushPromises = () => new Promise<void>((resume) => setImmediate(resume));

export class Stage {
  nowMs = 1_000_000;
  readonly db: Db;
  readonly runner: FakeRunner;
  readonly slots: number;
  engine: Engine;

  private constructor(db: Db, slots: number, fate: (request: AttemptRequest) => Fate) {
    this.db = db;
    this.slots = slots;
    this.runner = new FakeRunner(() => this.nowMs, fate);
    this.engine = this.#makeEngine();
  }

  static async open(
    options: { slots?: number; db?: Db; fate?: (request: AttemptRequest) => Fate } = {},
  ): Promise<Stage> {
    const stage = new Stage(options.db ?? testDatabase(), options.slots ?? 2, options.fate ?? (() => ({})));
    await stage.engine.recover();
    return stage;
  }

  /** Drops the engine without a word and puts a new one in its place. */
  async restart(): Promise<void> {
    this.runner.release();
    await flushPromises();
    this.engine = this.#makeEngine();
    await this.engine.recover();
  }

  /** Turns the engine until it has nothing to do at this moment. */
  async settle(): Promise<void> {
    for (;;) {
      await flushPromises();
      this.runner.endDue();
      await flushPromises();
      const isQuiet = this.engine.turn().next === "idle";
      await flushPromises();
      const isEndDue = (this.runner.nextEndMs ?? Number.POSITIVE_INFINITY) <= this.nowMs;
      if (isQuiet && !isEndDue && !this.engine.hasNews) return;
    }
  }

  /** Plays until no process is alive and nothing is left to do, at most `untilMs` from now. */
  async play(untilMs = 3_600_000): Promise<void> {
    const last = this.nowMs + untilMs;
    for (;;) {
      await this.settle();
      const next = this.runner.nextEndMs;
      if (next === null || next > last) return;
      this.nowMs = next;
    }
  }

  #makeEngine(): Engine {
    return createEngine({
      db: this.db,
      runner: this.runner,
      now: () => this.nowMs,
      slots: this.slots,
      dataDir: { home: "/data" },
      log: quietLog,
      wake: silent,
      hasChanged: () => true,
    });
  }
}
