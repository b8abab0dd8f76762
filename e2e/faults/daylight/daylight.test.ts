/** A slice of F12: two clock changes against the oracle in Python; `npm run faults -- F12` does ten zones over five years. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { compared } from "./compare";

const python = process.env.PENSTOCK_PYTHON ?? "python3";

function whyNoOracle(): string | null {
  try {
    execFileSync(python, ["-c", "import zoneinfo; zoneinfo.ZoneInfo('Australia/Lord_Howe')"], { stdio: "pipe" });
    return null;
  } catch (error) {
    return `no Python with zone data: ${String(error).slice(0, 200)}`;
  }
}

test("slots are those of the oracle, and cron-parser differs at the changes alone", async ({ skip }) => {
  const reason = whyNoOracle();
  skip(reason !== null, reason ?? "");
  const window = { fromMs: Date.UTC(2026, 2, 6), toMs: Date.UTC(2026, 2, 10) };
  const spring = await compared(python, window, { zones: ["America/New_York"] });
  expect(spring.wrong).toEqual([]);
  expect(spring.others["cron-parser"]).toMatchObject({ elsewhere: [] });
  expect(spring.others["cron-parser"]?.atChanges).toContain(
    "missing 15 2 * * * in America/New_York at 2026-03-08T07:00",
  );
  const half = { fromMs: Date.UTC(2026, 9, 2), toMs: Date.UTC(2026, 9, 5) };
  const autumn = await compared(python, half, { zones: ["Australia/Lord_Howe"] });
  expect(autumn.wrong).toEqual([]);
}, 60_000);
