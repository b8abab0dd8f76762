/** What a person is told of a schedule before it is saved: words, the clock's changes, overlaps, days and pace. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockNote } from "./clock-notes";
import { daysFrom, daysOfMonth, slotsBetween } from "./days";
import { forecastOverlaps } from "./overlap-forecast";
import { leastDistanceMs } from "./pace";
import { type Schedule, slotsOf, type Trigger } from "./schedule";
import { triggerInWords } from "./schedule-words";
import { spreadOf } from "./spread";
import { momentOf, zoneOf } from "./zone";

const at = (text: string): number => Date.parse(text);
const cron = (text: string): Trigger => ({ kind: "cron", cron: text });
const HOUR = 3_600_000;

it.each([
  [cron("0 30 2 * * 1-5"), "At 02:30, Monday through Friday"],
  [cron("0 0 9 13 * 5"), "At 09:00, on day 13 of the month, or on Friday"],
  [cron("0 0 9 * * 5L"), "At 09:00, on the last Friday of the month"],
  [cron("*/10 * * * * *"), "Every 10 seconds"],
  [cron("@every 1h30m"), "Every 90 minutes"],
  [cron("nonsense"), "nonsense"],
  [{ kind: "interval", everyMs: 86_400_000 }, "Every day"],
  [{ kind: "interval", everyMs: 61_000 }, "Every 61 seconds"],
  [{ kind: "none" }, "Once"],
] as const)("%j is told as %s", (trigger, words) => {
  expect(triggerInWords(trigger)).toBe(words);
});

describe("a note on the clock", () => {
  const notes = (trigger: Trigger, timeZone: string, from: string, to: string) => {
    const schedule: Schedule = { trigger, timeZone, anchorMs: at(from), endMs: at(to) };
    const slots = slotsOf(schedule);
    const found: (string | null)[] = [];
    for (let next = slots.next(at(from)); next !== null; next = slots.next(next)) found.push(clockNote(schedule, next));
    return found;
  };

  it("says of fixed hours what is moved and what comes twice, of open ones that it comes again", () => {
    const spring = ["America/New_York", "2026-03-07T12:00:00Z", "2026-03-09T12:00:00Z"] as const;
    expect(notes(cron("0 30 2 * * *"), ...spring)).toEqual(["moved", null]);
    expect(notes(cron("0 0 3 * * *"), ...spring)).toEqual([null, null]);
    const autumn = ["America/New_York", "2026-11-01T04:00:00Z", "2026-11-01T07:00:00Z"] as const;
    expect(notes(cron("0 30 1 * * *"), ...autumn)).toEqual(["twice"]);
    expect(notes(cron("0 30 * * * *"), ...autumn)).toEqual([null, "twice", "again"]);
    expect(notes({ kind: "interval", everyMs: HOUR }, ...autumn)).toEqual(["twice", "again", null]);
    expect(notes(cron("@every 1h"), ...spring).every((note) => note === null)).toBe(true);
  });
});

describe("a forecast of overlaps", () => {
  const minutes = (ms: number, overlap: "wait" | "skip" | "cancel", maxConcurrency = 1) =>
    forecastOverlaps(
      [0, 60, 120, 180, 240].map((second) => second * 1_000),
      ms * 1_000,
      { overlap, maxConcurrency },
    );

  it("goes by how long runs usually take", () => {
    expect(minutes(59, "wait")).toEqual(["run", "run", "run", "run", "run"]);
    expect(minutes(90, "wait")).toEqual(["run", "wait", "wait", "wait", "wait"]);
    expect(minutes(90, "skip")).toEqual(["run", "skip", "run", "skip", "run"]);
    expect(minutes(90, "cancel")).toEqual(["run", "cancel", "cancel", "cancel", "cancel"]);
    expect(minutes(110, "wait", 2)).toEqual(["run", "run", "run", "run", "run"]);
    expect(minutes(130, "wait", 2)).toEqual(["run", "run", "wait", "wait", "wait"]);
  });
});

describe("days", () => {
  const ZONES = ["Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "UTC"];

  it("follow each other without a gap, and their slots are those of the whole", () => {
    const crons = fc.constantFrom("0 30 2 * * *", "0 */15 * * * *", "0 0 0 * * *", "0 30 0 * * 0,3");
    const moments = fc.integer({ min: at("2011-12-01T00:00:00Z"), max: at("2027-01-01T00:00:00Z") });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), crons, moments, (timeZone, text, fromMs) => {
        const zone = zoneOf(timeZone);
        const days = daysFrom(zone, fromMs, 35);
        days.forEach((day, index) => {
          if (index > 0) expect(day.startMs).toBe(days[index - 1]?.endMs);
        });
        const [first] = days;
        const last = days.at(-1);
        if (first === undefined || last === undefined) throw new Error("there are days");
        expect(first.startMs).toBeLessThanOrEqual(fromMs);
        expect(first.endMs).toBeGreaterThan(fromMs);
        const anchorMs = first.startMs - 1_000;
        const slots = slotsOf({ trigger: cron(text), timeZone, anchorMs, endMs: null });
        const each = days.map(({ startMs, endMs }) => slotsBetween(slots, startMs, endMs));
        const sum = each.reduce((all, count) => all + count, 0);
        expect(sum).toBe(slotsBetween(slots, first.startMs, last.endMs));
      }),
      { numRuns: 30 },
    );
  });

  it("are as long as the clock makes them; one may be left out whole", () => {
    const lengths = (timeZone: string, month: string) =>
      daysOfMonth(zoneOf(timeZone), month).map(({ startMs, endMs }) => (endMs - startMs) / HOUR);
    expect(lengths("Europe/Berlin", "2026-03")[28]).toBe(23);
    expect(lengths("Europe/Berlin", "2026-10")[24]).toBe(25);
    expect(lengths("Australia/Lord_Howe", "2026-10")[3]).toBe(23.5);
    expect(lengths("Pacific/Apia", "2011-12")[29]).toBe(0);
    expect(lengths("America/Havana", "2026-03")[7]).toBe(23);
    expect(lengths("UTC", "2024-02")).toHaveLength(29);
  });

  it("begin at the first moment that shows their time", () => {
    expect(momentOf(zoneOf("Europe/Berlin"), at("2026-10-25T02:30:00Z"))).toBe(at("2026-10-25T00:30:00Z"));
    expect(momentOf(zoneOf("Europe/Berlin"), at("2026-03-29T02:30:00Z"))).toBe(at("2026-03-29T01:00:00Z"));
    expect(momentOf(zoneOf("Asia/Kathmandu"), at("2026-06-01T00:00:00Z"))).toBe(at("2026-05-31T18:15:00Z"));
  });
});

it.each([
  [cron("0 */5 * * * *"), 300],
  [cron("0,10 0 0 * * *"), 10],
  [cron("0 59,0 23,0 * * *"), 60],
  [cron("@every 90s"), 90],
  [cron("0 0 0 1 1 *"), 86_400],
  [{ kind: "interval", everyMs: 7_000 }, 7],
  [{ kind: "none" }, Number.POSITIVE_INFINITY],
] as const)("the moments of %j lie %d seconds apart at the closest", (trigger, seconds) => {
  expect(leastDistanceMs(trigger)).toBe(seconds * 1_000);
});

it("a spread has a mean and a deviation, and knows no negative durations", () => {
  expect(spreadOf([])).toBeNull();
  expect(spreadOf([2_000, 4_000])).toEqual({
    count: 2,
    meanMs: 3_000,
    deviationMs: 1_000,
    leastMs: 2_000,
    mostMs: 4_000,
  });
  expect(spreadOf([-5, 0])).toMatchObject({ meanMs: 0, leastMs: 0 });
});
