/** The conformance suite: every fixture through the product. `npm run conformance -- [--slice] [--only NAME …] [--home DIR]`. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { apiOf } from "../support/api";
import { startServer } from "../support/server";
import { againstElyra, installElyra } from "./against-elyra";
import { againstKfpLocal, installKfpLocal } from "./against-kfp-local";
import type { Case } from "./case";
import { elyraFixtures } from "./elyra-cases";
import { kfpCases } from "./kfp-cases";
import { fixtureFolder } from "./kfp-index";
import { type Product, tried, type Verdict } from "./tried";

const { values } = parseArgs({
  options: {
    slice: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    /** A data directory that stays, so that the next time finds the environments built. */
    home: { type: "string" },
    /** Compares outputs with those of kfp.local instead. */
    "against-kfp-local": { type: "boolean", default: false },
    /** Compares order and files with those of Elyra's own local run instead. */
    "against-elyra": { type: "boolean", default: false },
    jobs: { type: "string", default: String(2 * availableParallelism()) },
  },
});

function skip(reason: string): never {
  console.log(`skipped: ${reason}\n0 passed, 0 failed, 1 skipped`);
  process.exit(0);
}

/** Asks for a small package as the engine would; null where it can be had. */
function withoutIndex(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "penstock-index-"));
  try {
    const args = ["-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--dest", folder, "kfp==2.14.3"];
    execFileSync("python3", args, { stdio: "pipe", timeout: 60_000 });
    return null;
  } catch (error) {
    return `no package index: ${String(error).split("\n").slice(0, 2).join(" ").slice(0, 200)}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function chosen(): Case[] {
  const kfp = fixtureFolder("kfp");
  if (kfp === null) skip("the fixtures are not here; set PENSTOCK_FIXTURES");
  const cases = [...kfpCases(kfp), ...elyraFixtures()];
  const { only } = values;
  return cases.filter(
    (one) => (!values.slice || one.isInSlice === true) && (only.length === 0 || only.some((w) => one.name.includes(w))),
  );
}

function tell(one: Case, verdict: Verdict, ms: number): void {
  const name = `${one.suite}/${one.name}`;
  const took = `${(ms / 1000).toFixed(1)} s`;
  if (verdict.is === "skipped") console.log(`skipped: ${name}: ${verdict.reason}`);
  else if (verdict.is === "passed") console.log(`ok   ${name} (${took})`);
  else console.log([`FAIL ${name} (${took})`, ...verdict.wrong.map((text) => `       ${text}`)].join("\n"));
}

/** Tries the cases, `jobs` at a time, and gives what came of each. */
async function tryAll(cases: readonly Case[], product: Product, jobs: number): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  const waiting = [...cases];
  const one = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const startedAt = Date.now();
      const verdict = await tried(next, product);
      tell(next, verdict, Date.now() - startedAt);
      verdicts.push(verdict);
    }
  };
  await Promise.all(Array.from({ length: jobs }, one));
  return verdicts;
}

/** Compares with other runners, whose packages come from the index; Elyra's stay beside `--home`. Gives the exit code. */
async function compare(cases: readonly Case[], product: Product): Promise<number> {
  const folder = join(dirname(product.server.home), `${basename(product.server.home)}-elyra`);
  let different = 0;
  if (values["against-kfp-local"]) {
    const sdk = await installKfpLocal();
    console.log(`comparing with kfp.local ${sdk.version}`);
    const counts = await againstKfpLocal(cases, product, sdk);
    console.log(`${counts.equal} equal, ${counts.decided} differ as decided, ${counts.different} different`);
    different += counts.different;
  }
  if (values["against-elyra"]) {
    const counts = await againstElyra(cases, product, installElyra(folder));
    console.log(`${counts.equal} equal, ${counts.different} different`);
    different += counts.different;
  }
  if (values.home === undefined) rmSync(folder, { recursive: true, force: true });
  return different > 0 ? 1 : 0;
}

const isComparison = values["against-kfp-local"] || values["against-elyra"];
const cases = chosen();
const startedAt = Date.now();
if (values.home !== undefined) mkdirSync(values.home, { recursive: true });
const server = await startServer({
  env: { PENSTOCK_LOG: "warn" },
  ...(values.home !== undefined && { home: values.home }),
});
let verdicts: readonly Verdict[] = [];
try {
  const product = { server, api: apiOf(server), withoutIndex: withoutIndex() };
  if (isComparison) process.exitCode = await compare(cases, product);
  else verdicts = await tryAll(cases, product, Number(values.jobs));
} finally {
  await (values.home === undefined ? server.remove() : server.stop());
}
if (isComparison) process.exit();
const count = (is: Verdict["is"]) => verdicts.filter((verdict) => verdict.is === is).length;
console.log(`in ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
console.log(`${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
process.exit(count("failed") > 0 ? 1 : 0);
