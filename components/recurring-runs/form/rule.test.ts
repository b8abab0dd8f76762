/** Builder and text are two views of one rule: what one writes the other reads. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Built, beginWith, readRule, ruleOfTrigger, triggerOfRule, writeRule } from "./rule";

it.each([
  ["30 2 * * *", { kind: "daily", time: "02:30" }],
  ["0 30 2 * * *", { kind: "daily", time: "02:30" }],
  ["@daily", { kind: "daily", time: "00:00" }],
  ["30 2 * * mon-FRI", { kind: "weekly", days: [1, 2, 3, 4, 5], time: "02:30" }],
  ["0 9 * * 7,3", { kind: "weekly", days: [0, 3], time: "09:00" }],
  ["0 9 * * 5-7", { kind: "weekly", days: [0, 5, 6], time: "09:00" }],
  ["5 * * * *", { kind: "hourly", minute: 5 }],
  ["0 9 L * *", { kind: "monthly", day: "last", time: "09:00" }],
  ["0 9 15 * *", { kind: "monthly", day: 15, time: "09:00" }],
  ["@every 1h30m", { kind: "every", count: 90, unit: "minutes" }],
  ["@every 48h", { kind: "every", count: 2, unit: "days" }],
  ["@once", { kind: "once" }],
  ["*/5 * * * *", { kind: "other" }],
  ["0 9 13 * 5", { kind: "other" }],
  ["0 9 * 1 *", { kind: "other" }],
  ["10 0 9 * * *", { kind: "other" }],
  ["0 9 * * 1#2", { kind: "other" }],
  ["61 9 * * *", { kind: "other" }],
  ["0 24 * * *", { kind: "other" }],
  ["", { kind: "other" }],
] as const)("%j shows %j", (rule, built) => {
  expect(readRule(rule)).toEqual(built);
});

it.each([
  ["@every 90s", { kind: "interval", seconds: 90 }],
  ["@every 90m", { kind: "interval", seconds: 5_400 }],
  ["@every soon", { kind: "cron", cron: "@every soon" }],
  [" 30 2 * * * ", { kind: "cron", cron: "30 2 * * *" }],
  ["@once", { kind: "none" }],
] as const)("%j stands for %j", (rule, trigger) => {
  expect(triggerOfRule(rule)).toEqual(trigger);
});

it("what the builder writes it reads again, and a saved trigger comes back as the rule it was", () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
  const days = fc
    .uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 })
    .map((each) => each.sort((a, b) => a - b));
  const built: fc.Arbitrary<Built> = fc.oneof(
    fc.record({ kind: fc.constant("hourly" as const), minute: fc.integer({ min: 0, max: 59 }) }),
    fc.record({ kind: fc.constant("daily" as const), time }),
    fc.record({ kind: fc.constant("weekly" as const), days, time }),
    fc.record({
      kind: fc.constant("monthly" as const),
      day: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constant("last" as const)),
      time,
    }),
    fc.constant({ kind: "once" as const }),
  );
  fc.assert(
    fc.property(built, (one) => {
      const rule = writeRule(one) ?? "";
      expect(readRule(rule)).toEqual(one);
      expect(ruleOfTrigger(triggerOfRule(rule))).toBe(rule);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (seconds) => {
      const rule = ruleOfTrigger({ kind: "interval", seconds });
      const read = readRule(rule);
      expect(read.kind === "every" && writeRule(read)).toBe(rule);
      expect(triggerOfRule(rule)).toEqual({ kind: "interval", seconds });
    }),
  );
});

it("another kind keeps the time of day", () => {
  expect(beginWith("weekly", { kind: "daily", time: "02:30" })).toMatchObject({ time: "02:30" });
  expect(writeRule({ kind: "other" })).toBeNull();
});
