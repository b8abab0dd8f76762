/** The fault suite's command: `npm run faults -- [F1 F3 …] [--slice] [--seed N] [--kills N]`. */
import { parseArgs } from "node:util";
import type { FaultOptions } from "./scenario";
import { SCENARIOS } from "./scenarios";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    slice: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    kills: { type: "string" },
  },
});
const options: FaultOptions = {
  slice: values.slice,
  seed: Number(values.seed),
  kills: values.kills === undefined ? null : Number(values.kills),
};

const wanted = positionals.map((id) => id.toUpperCase());
const unknown = wanted.filter((id) => !SCENARIOS.some((scenario) => scenario.id === id));
if (unknown.length > 0) {
  console.error(`no such scenario: ${unknown.join(", ")}; there are ${SCENARIOS.map((s) => s.id).join(", ")}`);
  process.exit(2);
}

let failed = 0;
let passed = 0;
let skipped = 0;
for (const scenario of SCENARIOS.filter((s) => wanted.length === 0 || wanted.includes(s.id))) {
  const startedAt = Date.now();
  process.stdout.write(`${scenario.id} ${scenario.title} …\n`);
  const verdict = await scenario.run(options).catch((error: unknown) => ({
    violations: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    figures: {},
    skipped: undefined,
  }));
  const figures = Object.entries(verdict.figures).map(([name, value]) => `${name} ${value}`);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  if (verdict.skipped !== undefined) {
    skipped++;
    console.log(`  skipped: ${verdict.skipped}`);
  } else if (verdict.violations.length === 0) {
    passed++;
    console.log(`  passed in ${seconds} s${figures.length > 0 ? ` (${figures.join(", ")})` : ""}`);
  } else {
    failed++;
    console.log(`  FAILED in ${seconds} s with ${verdict.violations.length} violations (${figures.join(", ")})`);
    for (const violation of verdict.violations.slice(0, 20)) console.log(`    ${violation}`);
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
