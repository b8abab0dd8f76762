/** Makes of every due moment of the recurring runs one run or one recorded skip, and lets waiting runs go on when there is room. */
import type { Db } from "@/db/client";
import type { EngineQueries } from "@/db/queries/engine";
import type { DueRow } from "@/db/queries/engine/recurring";
import { slotQueries } from "@/db/queries/slots";
import { storageTrouble } from "@/db/storage-trouble";
import { ProblemError } from "@/server/domain/problem-error";
import { decideDue, type Outcome, roomFor, skipDue } from "@/server/domain/recurrence/due";
import { type Slots, slotsOf } from "@/server/domain/recurrence/schedule";
import type { Log } from "@/server/platform/log";
import { makeRun } from "@/server/services/recurring-runs/make-run";
import { triggerOf } from "@/server/services/recurring-runs/recurring-run-view";
import type { Turn } from "./turn";

/** Recurring runs that one turn settles, about 30 ms under the write lock; each may make a hundred runs. */
const DUE_PER_TURN = 200;
/** Runs after which a turn settles no further one. */
const RUNS_PER_TURN = 250;
const NEWER = "a newer run of its recurring run";

const slotsOfRow = (row: DueRow): Slots =>
  slotsOf({ trigger: triggerOf(row), timeZone: row.timeZone, anchorMs: row.anchorAtMs, endMs: row.endAtMs });

export class Recurrences {
  readonly #db: Db;
  readonly #queries: EngineQueries;
  readonly #slots: ReturnType<typeof slotQueries>;
  readonly #log: Log;
  readonly #settleWhole: (turn: Turn, key: number) => number;
  // Nobody has looked yet: something may be due at once.
  #nextMs = 0;

  constructor(db: Db, queries: EngineQueries, log: Log) {
    this.#db = db;
    this.#queries = queries;
    this.#slots = slotQueries(db);
    this.#log = log;
    this.#settleWhole = db.$client.transaction((turn: Turn, key: number) => this.#settle(turn, key));
  }

  /** The next due moment of all as last read, infinite when there is none. */
  get nextMs(): number {
    return this.#nextMs;
  }

  isDue(nowMs: number): boolean {
    return nowMs >= this.#nextMs;
  }

  /** Takes note of the next due moment as it was read from rows. */
  expect(nextMs: number | null): void {
    this.#nextMs = nextMs ?? Number.POSITIVE_INFINITY;
  }

  /** Has the next turn look again, after one that was rolled back. */
  forget(): void {
    this.#nextMs = 0;
  }

  /** Settles what is due, the longest overdue first. True when runs were made. */
  fire(turn: Turn): boolean {
    let made = 0;
    for (const key of this.#queries.recurring.due(turn.nowMs, DUE_PER_TURN)) {
      made += this.#fireOne(turn, key);
      if (made >= RUNS_PER_TURN) break;
    }
    this.expect(this.#queries.recurring.nextMs());
    return made > 0;
  }

  /** Lets waiting runs go on where this turn has freed room. True when it has. */
  release(turn: Turn): boolean {
    let isAny = false;
    for (const key of turn.freed) {
      const room = roomFor(this.#slots.load(key), this.#queries.recurring.maxConcurrency(key));
      if (room === 0) continue;
      isAny = true;
      for (const { id } of this.#slots.letGo(key, room)) {
        this.#queries.events.insert(turn.nowMs, id, "state", { state: "pending" });
      }
    }
    return isAny;
  }

  /** One that cannot be settled at all is disabled and says why, so that it stops nobody else. */
  #fireOne(turn: Turn, key: number): number {
    try {
      return this.#settleWhole(turn, key);
    } catch (error) {
      if (storageTrouble(error) !== null) throw error;
      this.#queries.recurring.disable(key, error instanceof Error ? error.message : String(error), turn.nowMs);
      this.#log.error({ err: error, recurringRun: key }, "a recurring run cannot go on and is disabled");
      return 0;
    }
  }

  #settle(turn: Turn, key: number): number {
    const { recurring } = this.#queries;
    const row = recurring.find(key);
    if (row === undefined) return 0;
    const slots = slotsOfRow(row);
    const { outcomes, cancel } = decideDue(slots, row.nextAtMs, turn.nowMs, row, this.#slots.load(key));
    let made = 0;
    for (const outcome of outcomes) {
      if (outcome.do === "skip") this.#slots.insertSkip(key, outcome, turn.nowMs);
      else if (this.#make(turn, row, slots, outcome, row.runCount + made + 1)) made += 1;
      else break;
    }
    if (made > 0 && cancel > 0) this.#slots.cancelOldest(key, cancel, turn.nowMs, NEWER);
    recurring.settle(key, slots.next(turn.nowMs), row.runCount + made);
    recurring.announce(turn.nowMs, row.id, "slots");
    return made;
  }

  /** Makes the run of a slot; where none is accepted, the slot and all after it are skipped and the recurring run is disabled. */
  #make(
    turn: Turn,
    row: DueRow,
    slots: Slots,
    { atMs, waits }: Extract<Outcome, { do: "run" }>,
    index: number,
  ): boolean {
    const wanted = { now: new Date(turn.nowMs), scheduledAt: new Date(atMs), index, waits };
    try {
      const { key } = makeRun(this.#db, row, wanted);
      this.#slots.insertRun(row.key, atMs, key, turn.nowMs);
      return true;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const skip = skipDue(slots, atMs, turn.nowMs, "version");
      if (skip !== null) this.#slots.insertSkip(row.key, skip, turn.nowMs);
      this.#queries.recurring.disable(row.key, error.message, turn.nowMs);
      this.#queries.recurring.announce(turn.nowMs, row.id, "disabled");
      return false;
    }
  }
}
