/** F12: ten zones over five years against an oracle in Python, and where other libraries differ. */
import { pythonEnv } from "../../support/python-env";
import { CRONS, compared, ZONES } from "../daylight/compare";
import type { Scenario } from "../scenario";

const CRONITER = "croniter==6.0.0";
const WEEK = 7 * 86_400_000;

export const daylightScenario: Scenario = {
  id: "F12",
  title: "clock changes of ten zones over five years, minute by minute",
  async run({ slice }) {
    const { python, reason } = await pythonEnv([CRONITER]);
    const base = python ?? process.env.PENSTOCK_PYTHON ?? "python3";
    const fromMs = slice ? Date.UTC(2026, 1, 27) : Date.UTC(2021, 0, 1);
    const toMs = slice ? fromMs + 6 * WEEK : Date.UTC(2026, 0, 1);
    const zones = slice ? ZONES.slice(0, 3) : ZONES;
    const { wrong, slots, gaveUp, others } = await compared(
      base,
      { fromMs, toMs },
      { zones, hasCroniter: python !== null },
    );
    const violations = [...wrong];
    const figures: { [name: string]: number | string } = { zones: zones.length, crons: CRONS.length, slots };
    if (gaveUp.length > 0) figures["gave up"] = gaveUp.join("; ");
    if (python === null) figures.croniter = `skipped: ${reason}`;
    for (const [library, { atChanges, elsewhere }] of Object.entries(others)) {
      figures[`${library} differs`] = `${atChanges.length} times at changes and ${elsewhere.length} elsewhere`;
      for (const example of [...elsewhere, ...atChanges].slice(0, slice ? 8 : 40)) {
        console.log(`    ${library}: ${example}`);
      }
    }
    return { violations, figures };
  },
};
