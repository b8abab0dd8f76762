import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jumpSince, steadyClock } from "./steady-clock";

/** A machine whose clocks are set by hand. */
function machine() {
  const told = { wall: 1_000_000, steady: 500, uptime: 90_000 };
  const clock = steadyClock({
    wallMs: () => told.wall,
    steadyMs: () => told.steady,
    uptimeMs: () => told.uptime,
    bootId: "boot",
  });
  const pass = (ms: number) => {
    told.wall += ms;
    told.steady += ms;
    told.uptime += ms;
  };
  const sleep = (ms: number) => {
    told.wall += ms;
    told.uptime += ms;
  };
  return { told, clock, pass, sleep };
}

describe("the engine's clock", () => {
  it("goes on evenly until it is told to follow", () => {
    const { told, clock, pass } = machine();
    pass(1_000);
    expect([clock.now(), clock.look()]).toEqual([1_001_000, null]);
    told.wall -= 3_600_000;
    pass(10);
    expect(clock.now()).toBe(1_001_010);
    const change = clock.look();
    expect(change).toEqual({ byMs: -3_600_000, jumpMs: -3_600_000 });
    if (change !== null) clock.follow(change);
    expect([clock.now(), clock.look()]).toEqual([told.wall, null]);
  });

  it("takes sleep for time that has passed, and tells a jump in it from it", () => {
    const { told, clock, sleep } = machine();
    sleep(28_800_000);
    expect(clock.look()).toEqual({ byMs: 28_800_000, jumpMs: 0 });
    told.wall += 60_000;
    expect(clock.look()).toEqual({ byMs: 28_860_000, jumpMs: 60_000 });
  });

  it("is never further from the machine's than what it tolerates, whatever happens", () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: -1e9, max: 1e9 })));
    fc.assert(
      fc.property(steps, (moves) => {
        const { told, clock, pass } = machine();
        let jumped = 0;
        for (const [afterMs, byMs] of moves) {
          pass(afterMs);
          told.wall += byMs;
          const change = clock.look();
          if (change !== null) clock.follow(change);
          jumped += change?.jumpMs ?? 0;
          expect(Math.abs(clock.now() - told.wall)).toBeLessThan(50);
        }
        const all = moves.reduce((sum, [, byMs]) => sum + byMs, 0);
        expect(Math.abs(jumped - all)).toBeLessThan(50);
      }),
    );
  });
});

describe("the mark of an earlier engine", () => {
  const before = { bootId: "boot", wallMs: 1_000_000, uptimeMs: 90_000 };
  it("shows a jump on the same boot, and nothing where no clock tells", () => {
    expect(jumpSince(before, { bootId: "boot", wallMs: 1_060_000, uptimeMs: 150_000 })).toBe(0);
    expect(jumpSince(before, { bootId: "boot", wallMs: 4_660_000, uptimeMs: 150_000 })).toBe(3_600_000);
    expect(jumpSince(before, { bootId: "another", wallMs: 4_660_000, uptimeMs: 500 })).toBe(0);
    expect(jumpSince({ ...before, bootId: "" }, { bootId: "", wallMs: 4_660_000, uptimeMs: 150_000 })).toBe(0);
    expect(jumpSince(null, before)).toBe(0);
  });
});
