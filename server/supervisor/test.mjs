/** `npm test`: installs and builds what is missing, runs unit and browser tests, and ends with one summary. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBrowser } from "./browser.mjs";
import { ensureBuilt } from "./build.mjs";
import { ensureContainerEngine } from "./container-engine.mjs";
import { ensureInstalled } from "./install.mjs";
import { root, runRecorded, runShown } from "./progress.mjs";

const bin = (name) => join(root, "node_modules", ".bin", name);

function readSummary(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

/** What a runner that broke down without a word about its tests counts as. */
const broken = (name) => ({ passed: 0, failed: 1, skipped: [], notes: [`${name} ended without a result`] });

async function unitTests(folder) {
  const file = join(folder, "unit.json");
  const reporters = ["--reporter=default", "--reporter=./server/supervisor/test-reporter.mjs"];
  const code = await runShown([bin("vitest"), "run", ...reporters], { TEST_SUMMARY_FILE: file });
  const summary = readSummary(file);
  if (summary === null || (code !== 0 && summary.failed === 0)) return broken("Vitest");
  return summary;
}

function* specsIn(suite, path = []) {
  const here = suite.title ? [...path, suite.title] : path;
  for (const spec of suite.specs ?? []) yield { spec, name: [...here, spec.title].join(" > ") };
  for (const inner of suite.suites ?? []) yield* specsIn(inner, here);
}

function browserSummary(report) {
  const summary = { passed: 0, failed: report.errors.length, skipped: [] };
  for (const { spec, name } of report.suites.flatMap((suite) => [...specsIn(suite)])) {
    for (const test of spec.tests) {
      if (test.status === "skipped") {
        const reason = test.annotations.find(({ type }) => type === "skip" || type === "fixme")?.description;
        summary.skipped.push({ name, reason: reason ?? "no reason given" });
      } else if (test.status === "unexpected") summary.failed += 1;
      else summary.passed += 1;
    }
  }
  return summary;
}

async function browserTests(folder) {
  if (!readdirSync(join(root, "e2e"), { recursive: true }).some((name) => String(name).endsWith(".e2e.ts"))) {
    return { passed: 0, failed: 0, skipped: [] };
  }
  const file = join(folder, "browser.json");
  const { file: browser, reason } = await ensureBrowser();
  const report = { PLAYWRIGHT_JSON_OUTPUT_NAME: file, TEST_BROWSER: browser ?? "" };
  const reporters = browser === null ? ["--list", "--reporter=json"] : ["--reporter=list,json"];
  const code = await runShown([bin("playwright"), "test", ...reporters], report);
  const found = readSummary(file);
  if (found === null) return broken("Playwright");
  const summary = browserSummary(found);
  if (browser === null) {
    const all = found.suites.flatMap((suite) => [...specsIn(suite)]).map(({ name }) => ({ name, reason }));
    return { passed: 0, failed: 0, skipped: all };
  }
  return code !== 0 && summary.failed === 0 ? broken("Playwright") : summary;
}

const SUMMARY = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m;

/** A suite that is a command of its own and ends in one line of counts; here its short form. */
async function slice(name, entry) {
  process.stdout.write(`\n${name}, the short form\n`);
  const { output } = await runRecorded([process.execPath, "--import", "tsx", join(root, entry), "--slice"]);
  const counts = SUMMARY.exec(output);
  if (counts === null) return broken(name);
  const reasons = [...output.matchAll(/skipped: (.*)/g)].map(([, reason]) => ({ name, reason }));
  return { passed: Number(counts[1]), failed: Number(counts[2]), skipped: reasons };
}

function printSummary(parts) {
  const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
  const skipped = parts.flatMap((part) => part.skipped);
  process.stdout.write("\n");
  for (const note of parts.flatMap((part) => part.notes ?? [])) process.stdout.write(`${note}\n`);
  for (const { name, reason } of skipped) process.stdout.write(`skipped: ${name}: ${reason}\n`);
  process.stdout.write(`${sum("passed")} passed, ${sum("failed")} failed, ${skipped.length} skipped\n`);
  return sum("failed") === 0 && sum("passed") > 0 ? 0 : 1;
}

const folder = mkdtempSync(join(tmpdir(), "penstock-test-"));
try {
  await ensureInstalled();
  await ensureBuilt();
  await ensureContainerEngine();
  process.exitCode = printSummary([
    await unitTests(folder),
    await browserTests(folder),
    await slice("Faults", "e2e/faults/main.ts"),
    await slice("The kfp SDK", "e2e/sdk/main.ts"),
    await slice("Conformance", "e2e/conformance/main.ts"),
  ]);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = printSummary([{ passed: 0, failed: 1, skipped: [] }]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
