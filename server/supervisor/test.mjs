/** `npm test`: installs and builds what is missing, runs unit and browser tests, and ends with one summary. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBrowser } from "./browser.mjs";
import { ensureBuilt } from "./build.mjs";
import { ensureInstalled } from "./install.mjs";
import { root, runRecorded, runShown } from "./progress.mjs";
import { ensureSystemPackages } from "./system-packages.mjs";

const bin = (name) => join(root, "node_modules", ".bin", name);

function readSummary(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

/** How many passed, and who did not: lists of `{name, reason}`. Flaky ones passed at their second try. */
const nothing = () => ({ passed: 0, failed: [], flaky: [], skipped: [] });

/** What a runner that broke down without a word about its tests counts as. */
const broken = (name) => ({ ...nothing(), failed: [{ name, reason: "ended without a result" }] });

async function unitTests(folder) {
  const file = join(folder, "unit.json");
  const reporters = ["--reporter=default", "--reporter=./server/supervisor/test-reporter.mjs"];
  const code = await runShown([bin("vitest"), "run", ...reporters], { TEST_SUMMARY_FILE: file });
  const summary = readSummary(file);
  if (summary === null || (code !== 0 && summary.failed.length === 0)) return broken("Vitest");
  return summary;
}

function* specsIn(suite, path = []) {
  const here = suite.title ? [...path, suite.title] : path;
  for (const spec of suite.specs ?? []) yield { spec, name: [...here, spec.title].join(" > ") };
  for (const inner of suite.suites ?? []) yield* specsIn(inner, here);
}

const firstError = (test) =>
  (test.results.flatMap(({ errors }) => errors)[0]?.message ?? "no message").replace(ANSI, "").split("\n")[0];

function browserSummary(report) {
  const summary = nothing();
  for (const { message } of report.errors) summary.failed.push({ name: "beside the tests", reason: message });
  for (const { spec, name } of report.suites.flatMap((suite) => [...specsIn(suite)])) {
    for (const test of spec.tests) {
      if (test.status === "skipped") {
        const reason = test.annotations.find(({ type }) => type === "skip" || type === "fixme")?.description;
        summary.skipped.push({ name, reason: reason ?? "no reason given" });
      } else if (test.status === "unexpected") summary.failed.push({ name, reason: firstError(test) });
      else {
        summary.passed += 1;
        if (test.status === "flaky") summary.flaky.push({ name, reason: firstError(test) });
      }
    }
  }
  return summary;
}

async function browserTests(folder) {
  if (!readdirSync(join(root, "e2e"), { recursive: true }).some((name) => String(name).endsWith(".e2e.ts"))) {
    return nothing();
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
    return { ...nothing(), skipped: all };
  }
  return code !== 0 && summary.failed.length === 0 ? broken("Playwright") : summary;
}

const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
const SUMMARY = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m;

/** A suite that is a command of its own, tells failures in lines of their own and ends in one line of counts; here its short form. */
async function slice(name, entry) {
  process.stdout.write(`\n${name}, the short form\n`);
  const { output } = await runRecorded([process.execPath, "--import", "tsx", join(root, entry), "--slice"]);
  const counts = SUMMARY.exec(output);
  if (counts === null) return broken(name);
  const told = (pattern) => [...output.matchAll(pattern)].map(([, reason]) => ({ name, reason }));
  const failed = told(/^(.*\bFAIL(?:ED)? .*)$/gm);
  for (let nth = failed.length; nth < Number(counts[2]); nth++) failed.push({ name, reason: "told above" });
  return { ...nothing(), passed: Number(counts[1]), failed, skipped: told(/skipped: (.*)/g) };
}

/** Failures come last, since the end of a long log is what is read first. */
function printSummary(parts) {
  const all = (key) => parts.flatMap((part) => part[key]);
  const print = (word, key) => {
    for (const { name, reason } of all(key)) process.stdout.write(`${word}: ${name}: ${reason}\n`);
  };
  const passed = parts.reduce((total, part) => total + part.passed, 0);
  process.stdout.write("\n");
  print("skipped", "skipped");
  print("passed at the second try", "flaky");
  print("failed", "failed");
  process.stdout.write(`${passed} passed, ${all("failed").length} failed, ${all("skipped").length} skipped\n`);
  return all("failed").length === 0 && passed > 0 ? 0 : 1;
}

const folder = mkdtempSync(join(tmpdir(), "penstock-test-"));
try {
  await ensureInstalled();
  await ensureBuilt();
  await ensureSystemPackages();
  process.exitCode = printSummary([
    await unitTests(folder),
    await browserTests(folder),
    await slice("Faults", "e2e/faults/main.ts"),
    await slice("The kfp SDK", "e2e/sdk/main.ts"),
    await slice("Conformance", "e2e/conformance/main.ts"),
  ]);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = printSummary([
    { ...nothing(), failed: [{ name: "npm test", reason: error.message.split("\n").at(-1) }] },
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
