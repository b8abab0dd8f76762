import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cronTimes } from "./cron-times";
import { firstSlot, type Schedule, slotsOf } from "./schedule";
import { type OracleCron, oracleSlots, oracleText } from "./testing/oracle";

const DAY = 86_400_000;
const at = (text: string): number => Date.parse(text);

/** Days on which clocks of these places change: by an hour, by half of one, by two, by a day, at midnight, a minute after it. */
const CHANGES: readonly (readonly [zone: string, day: string])[] = [
  ["America/New_York", "2026-03-08"],
  ["America/New_York", "2026-11-01"],
  ["Europe/Berlin", "2026-03-29"],
  ["Europe/Berlin", "2026-10-25"],
  ["Australia/Lord_Howe", "2026-04-04"],
  ["Australia/Lord_Howe", "2026-10-03"],
  ["Pacific/Apia", "2011-12-30"],
  ["Africa/Casablanca", "2026-02-15"],
  ["Africa/Casablanca", "2026-03-22"],
  ["Asia/Kathmandu", "1986-01-01"],
  ["Asia/Kathmandu", "2026-06-01"],
  ["America/St_Johns", "2006-04-02"],
  ["America/St_Johns", "2006-10-29"],
  ["America/Havana", "2026-03-08"],
  ["America/Havana", "2026-11-01"],
  ["America/Sao_Paulo", "2018-11-04"],
  ["America/Sao_Paulo", "2018-02-18"],
  ["Asia/Tehran", "2021-03-22"],
  ["Antarctica/Troll", "2026-03-29"],
  ["Antarctica/Troll", "2026-10-25"],
  ["UTC", "2024-02-29"],
];

const some = (min: number, max: number, most: number) =>
  fc
    .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: most })
    .map((values) => values.sort((a, b) => a - b));
const open = (min: number, max: number, most: number) => fc.option(some(min, max, most), { freq: 2 });

/** Crons that have something to do with the small hours, where clocks change. */
const crons: fc.Arbitrary<OracleCron> = fc.record({
  minutes: open(0, 59, 4),
  hours: fc.option(fc.oneof(some(0, 3, 3), some(0, 23, 4)), { freq: 3 }),
  daysOfMonth: fc.option(some(1, 31, 16), { freq: 1 }),
  months: fc.option(some(1, 12, 9), { freq: 1 }),
  daysOfWeek: fc.option(some(0, 6, 4), { freq: 1 }),
});

function scheduleOf(cron: OracleCron, timeZone: string, anchorMs: number): Schedule {
  return { trigger: { kind: "cron", cron: oracleText(cron) }, timeZone, anchorMs, endMs: null };
}

function walked(schedule: Schedule, toMs: number): number[] {
  const slots = slotsOf(schedule);
  const found: number[] = [];
  for (let next = slots.next(schedule.anchorMs); next !== null && next <= toMs; next = slots.next(next))
    found.push(next);
  return found;
}

describe("the slots of a cron", () => {
  it("are those that a look at every minute finds, whatever the clock does", () => {
    fc.assert(
      fc.property(fc.constantFrom(...CHANGES), crons, ([zone, day], cron) => {
        const from = at(`${day}T00:00:00Z`) - DAY;
        const to = from + 3 * DAY;
        expect(walked(scheduleOf(cron, zone, from), to)).toEqual(oracleSlots(cron, zone, from, to));
      }),
      { numRuns: 300 },
    );
  });

  it("are the same backwards, counted, and from any moment in between", () => {
    const moments = fc.integer({ min: 0, max: 3 * DAY });
    fc.assert(
      fc.property(fc.constantFrom(...CHANGES), crons, moments, moments, ([zone, day], cron, one, other) => {
        const from = at(`${day}T00:00:00Z`) - DAY;
        const schedule = scheduleOf(cron, zone, from);
        const all = walked(schedule, from + 3 * DAY);
        const slots = slotsOf(schedule);
        const moment = from + one;
        expect(slots.next(moment)).toBe(all.find((slot) => slot > moment) ?? slots.next(from + 3 * DAY));
        expect(slots.previous(moment)).toBe(all.findLast((slot) => slot <= moment) ?? null);
        const inside = all.filter(
          (slot) => slot >= Math.min(moment, from + other) && slot <= Math.max(moment, from + other),
        );
        const [first] = inside;
        const last = inside.at(-1);
        if (first !== undefined && last !== undefined) expect(slots.count(first, last)).toBe(inside.length);
      }),
      { numRuns: 300 },
    );
  });

  it("are strictly later than any moment, to the second", () => {
    const times = fc.tuple(some(0, 59, 3), some(0, 59, 3), some(0, 23, 3));
    fc.assert(
      fc.property(
        times,
        fc.constantFrom(...CHANGES),
        fc.integer({ min: 0, max: 2 * DAY }),
        ([s, m, h], [zone, day], ms) => {
          const anchorMs = at(`${day}T00:00:00Z`) - DAY;
          const cron = `${s.join(",")} ${m.join(",")} ${h.join(",")} * * *`;
          const slots = slotsOf({ trigger: { kind: "cron", cron }, timeZone: zone, anchorMs, endMs: null });
          const next = slots.next(anchorMs + ms) ?? 0;
          expect(next).toBeGreaterThan(anchorMs + ms);
          expect(next % 1_000).toBe(0);
          expect(slots.previous(next)).toBe(next);
          expect(slots.previous(next - 1) ?? 0).toBeLessThanOrEqual(anchorMs + ms);
        },
      ),
    );
  });

  it("move to the end of a gap, once, and do not come twice; an open hour goes by elapsed time", () => {
    const days = (cron: string, zone: string, from: string, to: string) =>
      walked({ trigger: { kind: "cron", cron }, timeZone: zone, anchorMs: at(from), endMs: null }, at(to)).map((slot) =>
        new Date(slot).toISOString().slice(0, 16),
      );
    const gap = ["America/New_York", "2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z"] as const;
    expect(days("0 30 2 * * *", ...gap)).toEqual(["2026-03-08T07:00"]);
    expect(days("0 */15 2 * * *", ...gap)).toEqual(["2026-03-08T07:00"]);
    expect(days("0 0 2,3 * * *", ...gap)).toEqual(["2026-03-08T07:00"]);
    const again = ["America/New_York", "2026-11-01T04:00:00Z", "2026-11-01T08:00:00Z"] as const;
    expect(days("0 30 1 * * *", ...again)).toEqual(["2026-11-01T05:30"]);
    expect(days("0 30 * * * *", ...again)).toEqual([
      "2026-11-01T04:30",
      "2026-11-01T05:30",
      "2026-11-01T06:30",
      "2026-11-01T07:30",
    ]);
    expect(days("0 0 9 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z", "2012-01-31T00:00:00Z")).toEqual([
      "2011-12-30T10:00",
    ]);
    expect(days("0 15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2026-10-04T00:00:00Z")).toEqual([
      "2026-10-03T15:30",
    ]);
  });

  it("know the last day, the last weekday and the nth one of a month", () => {
    const first = (cron: string) =>
      new Date(
        firstSlot({ trigger: { kind: "cron", cron }, timeZone: "UTC", anchorMs: at("2026-02-01"), endMs: null }) ?? 0,
      )
        .toISOString()
        .slice(0, 10);
    expect(first("0 0 9 L * *")).toBe("2026-02-28");
    expect(first("0 0 9 * * 5L")).toBe("2026-02-27");
    expect(first("0 0 9 * * 1#2")).toBe("2026-02-09");
    expect(first("0 0 9 29 2 *")).toBe("2028-02-29");
    expect(first("0 0 9 13 * 5")).toBe("2026-02-06");
    expect(() => cronTimes("0 0 9 * *")).toThrow("Expected 6 fields, found 5");
    expect(() => cronTimes("0 0 9 , * *")).toThrow("Invalid list");
  });

  it("of a cron that is dense are counted by the day, not by the slot", () => {
    const schedule: Schedule = {
      trigger: { kind: "cron", cron: "* * * * * *" },
      timeZone: "Europe/Berlin",
      anchorMs: at("2020-01-01"),
      endMs: null,
    };
    expect(slotsOf(schedule).count(at("2020-01-02"), at("2026-01-02"))).toBe((6 * 365 + 2) * 86_400 + 1);
  });
});

describe("other schedules", () => {
  it("of an interval lie on its grid, end included", () => {
    const anchorMs = at("2026-11-21T10:00:00Z");
    const endMs = anchorMs + 180_000;
    const schedule: Schedule = { trigger: { kind: "interval", everyMs: 60_000 }, timeZone: "UTC", anchorMs, endMs };
    const slots = slotsOf(schedule);
    expect(firstSlot(schedule)).toBe(anchorMs + 60_000);
    expect(walked(schedule, endMs + 60_000)).toEqual([60_000, 120_000, 180_000].map((ms) => anchorMs + ms));
    expect(slots.next(anchorMs + 59_999)).toBe(anchorMs + 60_000);
    expect(slots.previous(anchorMs + 59_999)).toBeNull();
    expect(slots.previous(endMs + DAY)).toBe(endMs);
    expect(slots.count(anchorMs + 60_000, endMs)).toBe(3);
  });

  it("of @every go by its duration, of none by one moment", () => {
    const anchorMs = at("2026-11-21T10:00:00Z");
    const every: Schedule = {
      trigger: { kind: "cron", cron: "@every 1m30.9s" },
      timeZone: "UTC",
      anchorMs,
      endMs: null,
    };
    expect(firstSlot(every)).toBe(anchorMs + 90_000);
    const once: Schedule = { trigger: { kind: "none" }, timeZone: "UTC", anchorMs, endMs: null };
    expect(firstSlot(once)).toBe(anchorMs);
    expect(slotsOf(once).next(anchorMs)).toBeNull();
    expect(slotsOf(once).previous(anchorMs - 1)).toBeNull();
  });
});
