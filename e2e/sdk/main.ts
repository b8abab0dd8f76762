/** Real Kubeflow clients against a real server: `npm run sdk -- [--slice] [--release current|oldest] [--only WORD]`. */
import { parseArgs } from "node:util";
import { fixtureFolder } from "../conformance/kfp-index";
import { pythonEnv } from "../support/python-env";
import { fixtureRuns } from "./fixture-runs";
import { invalidFixtures, submittedFixtures, validFixtures } from "./fixtures";
import { type Counts, NOTHING, pythonSuite, type SuiteOptions, seededServer, sumOf } from "./python-suite";

const { values } = parseArgs({
  options: {
    slice: { type: "boolean", default: false },
    release: { type: "string" },
    /** Only tests whose name has this word, and no runs of fixtures. */
    only: { type: "string" },
  },
});

/** Clients as users have them: the newest on the index, and the oldest of the second generation that still installs. */
const RELEASES = { current: "2.17.3", oldest: "2.0.0" };
type Release = keyof typeof RELEASES;

/** Enough to see every wrapper shape, nested DAGs, loops, artifacts and outputs. */
const SLICE =
  /add_numbers|pipeline_with_outputs|artifact_cache|mixed_parameters|fail_v2|nested_return|hello_world|preprocess|collected_parameters|loop_consume/;

function skipped(label: string, reason: string): Counts {
  console.log(`skipped: ${label}: ${reason}`);
  return { ...NOTHING, skipped: 1 };
}

const folder = fixtureFolder("kfp");

function suiteOptions(release: Release): SuiteOptions {
  const isSpared = folder === null || (values.slice && release === "oldest");
  const fixtures = isSpared
    ? { valid: [], invalid: [] }
    : { valid: validFixtures(folder), invalid: invalidFixtures(folder) };
  return { fixtures, only: values.only };
}

async function tryRelease(release: Release): Promise<Counts> {
  const version = RELEASES[release];
  const label = `kfp ${version}`;
  const pins = [`kfp==${version}`, `kfp-server-api==${version}`, "pytest==9.2.0"];
  const { python, reason } = await pythonEnv(pins);
  if (python === null) return skipped(label, reason);
  const server = await seededServer();
  try {
    const counts = [await pythonSuite(label, python, server, suiteOptions(release))];
    if (release === "current" && values.only === undefined && folder !== null) {
      const runs = submittedFixtures(folder).filter(({ path }) => !values.slice || SLICE.test(path));
      counts.push(await fixtureRuns(label, python, server, runs));
    }
    return sumOf(counts);
  } finally {
    await server.remove();
  }
}

const chosen = (["current", "oldest"] as const).filter((one) => values.release === undefined || values.release === one);
const counts = await Promise.all(chosen.map(tryRelease));
if (folder === null) counts.push(skipped("fixtures", "they are not here; set PENSTOCK_FIXTURES"));
const { passed, failed, skipped: left } = sumOf(counts);
console.log(`${passed} passed, ${failed} failed, ${left} skipped`);
process.exit(failed > 0 ? 1 : 0);
