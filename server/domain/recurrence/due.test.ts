import { describe, expect, it } from "vitest";
import { decideDue, type Load, MAX_CAUGHT_UP, type Outcome, type Policies, roomFor } from "./due";
import { slotsOf } from "./schedule";

const MINUTE = 60_000;
const slots = slotsOf({ trigger: { kind: "interval", everyMs: MINUTE }, timeZone: "UTC", anchorMs: 0, endMs: null });
const IDLE: Load = { admitted: 0, waiting: 0, live: 0 };

function told(outcomes: readonly Outcome[]): string {
  const one = (outcome: Outcome): string => {
    const at = outcome.atMs / MINUTE;
    if (outcome.do === "run") return outcome.waits ? `${at} waits` : `${at} runs`;
    return `${at}-${outcome.lastMs / MINUTE} (${outcome.count}) ${outcome.reason}`;
  };
  return outcomes.map(one).join(", ");
}

const decided = (nowMinutes: number, policies: Partial<Policies>, load: Load = IDLE, nextMinutes = 1) => {
  const all: Policies = { overlap: "wait", catchUp: "all", maxConcurrency: 1, ...policies };
  const { outcomes, cancel } = decideDue(slots, nextMinutes * MINUTE, nowMinutes * MINUTE, all, load);
  return cancel === 0 ? told(outcomes) : `${told(outcomes)}; cancels ${cancel}`;
};

describe("moments that come while nobody looks", () => {
  it("are run, latest alone or none of them, as is wished", () => {
    expect(decided(0.5, {})).toBe("");
    expect(decided(1, {})).toBe("1 runs");
    expect(decided(4.5, { catchUp: "all", maxConcurrency: 10 })).toBe("1 runs, 2 runs, 3 runs, 4 runs");
    expect(decided(4.5, { catchUp: "latest" })).toBe("1-3 (3) catch-up, 4 runs");
    expect(decided(4.5, { catchUp: "none" })).toBe("1-3 (3) catch-up, 4 runs");
  });

  it("are missed under none when the newest is more than a minute late", () => {
    const hourly = slotsOf({
      trigger: { kind: "interval", everyMs: 60 * MINUTE },
      timeZone: "UTC",
      anchorMs: 0,
      endMs: null,
    });
    const policies: Policies = { overlap: "wait", catchUp: "none", maxConcurrency: 1 };
    const at = (minutes: number) => told(decideDue(hourly, 60 * MINUTE, minutes * MINUTE, policies, IDLE).outcomes);
    expect(at(61)).toBe("60 runs");
    expect(at(61.5)).toBe("60-60 (1) catch-up");
    expect(at(181.5)).toBe("60-180 (3) catch-up");
  });

  it("are caught up with to a limit, the newest of them", () => {
    const { outcomes } = decideDue(
      slots,
      MINUTE,
      43_200 * MINUTE,
      { overlap: "wait", catchUp: "all", maxConcurrency: 10 },
      IDLE,
    );
    expect(told(outcomes.slice(0, 2))).toBe(
      `1-${43_200 - MAX_CAUGHT_UP} (${43_200 - MAX_CAUGHT_UP}) catch-up, ${43_200 - MAX_CAUGHT_UP + 1} runs`,
    );
    expect(outcomes).toHaveLength(1 + MAX_CAUGHT_UP);
  });
});

describe("moments that come while as many runs are active as may be", () => {
  it("wait, a hundred of them", () => {
    expect(decided(3, {})).toBe("1 runs, 2 waits, 3 waits");
    expect(decided(1, {}, { admitted: 0, waiting: 1, live: 1 })).toBe("1 waits");
    expect(decided(3, {}, { admitted: 1, waiting: 98, live: 99 })).toBe("1 waits, 2 waits, 3-3 (1) overlap");
  });

  it("are skipped together", () => {
    expect(decided(4, { overlap: "skip", maxConcurrency: 2 })).toBe("1 runs, 2 runs, 3-4 (2) overlap");
    expect(decided(3, { overlap: "skip" }, { admitted: 1, waiting: 0, live: 1 })).toBe("1-3 (3) overlap");
  });

  it("cancel the older, and wait until those are over", () => {
    const cancel = { overlap: "cancel" } as const;
    expect(decided(1, cancel)).toBe("1 runs");
    expect(decided(1, cancel, { admitted: 1, waiting: 0, live: 1 })).toBe("1 waits; cancels 1");
    expect(decided(1, cancel, { admitted: 1, waiting: 1, live: 1 })).toBe("1 waits; cancels 1");
    expect(decided(1, { ...cancel, maxConcurrency: 2 }, { admitted: 1, waiting: 0, live: 1 })).toBe("1 runs");
    expect(decided(4, { ...cancel, maxConcurrency: 2 }, { admitted: 2, waiting: 0, live: 2 })).toBe(
      "1-2 (2) overlap, 3 waits, 4 waits; cancels 2",
    );
  });

  it("leave room for as many waiting ones as have ended", () => {
    expect(roomFor({ admitted: 1, waiting: 5 }, 3)).toBe(2);
    expect(roomFor({ admitted: 0, waiting: 1 }, 3)).toBe(1);
    expect(roomFor({ admitted: 4, waiting: 1 }, 3)).toBe(0);
  });
});
