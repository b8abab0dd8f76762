/** Every `.pipeline` of the fixtures ends as the column `expected` of its index says. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ParseOutcome } from "../graph";
import { resolveNeeds } from "./bundle";
import { parseElyra } from "./index";

const FIXTURES = process.env.PENSTOCK_FIXTURES ?? join(import.meta.dirname, "../../../shared/fixtures");
const ROOT = join(FIXTURES, "elyra");
const isThere = existsSync(join(ROOT, "index.csv"));
if (!isThere) console.log("elyra fixtures: not found, 40 files left out (set PENSTOCK_FIXTURES)");

function rules(outcome: ParseOutcome, severity: string, stage?: string): readonly string[] {
  const matching = outcome.problems.filter((one) => one.severity === severity && (stage ?? one.stage) === one.stage);
  return [...new Set(matching.map((one) => one.rule))];
}

/** Accepted, and nothing but warnings, hints and what concerns containers. */
function runs(outcome: ParseOutcome): void {
  expect(outcome.ok).toBe(true);
  expect(rules(outcome, "error", "run")).toEqual([]);
}

function refusedToRun(outcome: ParseOutcome, rule: string): void {
  expect(outcome.ok).toBe(true);
  expect(rules(outcome, "error", "run")).toEqual([rule]);
}

function incomplete(outcome: ParseOutcome): readonly string[] {
  runs(outcome);
  return outcome.ok ? resolveNeeds(outcome.graph, []).missing : [];
}

/** What each text of the column means for the parser. */
const MEANINGS: { readonly [expected: string]: (outcome: ParseOutcome) => void } = {
  valid: runs,
  "valid graph": (outcome) => expect(outcome.ok).toBe(true),
  "valid when tolerated": (outcome) => {
    runs(outcome);
    expect(rules(outcome, "warning")).toEqual([]);
  },
  "valid with a warning": (outcome) => {
    runs(outcome);
    expect(rules(outcome, "warning")).toEqual(["unused-parameter"]);
  },
  // Its warnings are those on labels, which are hints here.
  "valid with warnings": (outcome) => {
    runs(outcome);
    expect(rules(outcome, "hint")).toEqual(["label-characters"]);
  },
  "valid; needs containers": (outcome) => refusedToRun(outcome, "custom-component"),
  "valid to view, refused to run": (outcome) => refusedToRun(outcome, "airflow-operator"),
  "refused to run": (outcome) => refusedToRun(outcome, "airflow-operator"),
  "component not found": (outcome) => {
    expect(outcome.ok).toBe(true);
    expect(rules(outcome, "error", "run")).toEqual(["component-not-found", "custom-component"]);
  },
  "op/extension mismatch": (outcome) => {
    runs(outcome);
    expect(rules(outcome, "warning")).toEqual(["operation-file-mismatch"]);
  },
  "error for containers": (outcome) => {
    runs(outcome);
    expect(rules(outcome, "error", "container")).toEqual(["missing-image", "invalid-image"]);
  },
  incomplete: (outcome) => expect(incomplete(outcome).length).toBeGreaterThan(0),
  migrates: (outcome) => {
    runs(outcome);
    expect(outcome.ok && outcome.graph.formatVersion).toBe("Elyra 8 (read as 3, migrated)");
    expect(outcome.ok && outcome.graph.changes.join("\n")).toContain("no properties");
  },
  "valid graph; order f a c g": (outcome) => {
    runs(outcome);
    expect(outcome.ok && outcome.graph.steps.map((step) => step.name)).toEqual(["f", "a", "c", "g"]);
  },
  error: (outcome) => expect(outcome.ok).toBe(false),
  "error with position": (outcome) => {
    expect(outcome.ok).toBe(false);
    expect(outcome.problems.map((one) => one.place)).toEqual(["line 372, column 1"]);
  },
  "error naming the cycle": (outcome) => {
    expect(outcome.ok).toBe(false);
    expect(outcome.problems.find((one) => one.rule === "circular-reference")?.message).toContain(
      "notebookD.ipynb → notebookB.ipynb → notebookD.ipynb",
    );
  },
};

/** The rule that refuses a file, and what a lone file lacks, where the index only says that there is one. */
const DETAILS: { readonly [path: string]: (outcome: ParseOutcome) => void } = {
  "elyra/zero_length_pipelines.pipeline": (outcome) => expect(rules(outcome, "error")).toEqual(["missing-pipelines"]),
  "elyra/without_pipelines.pipeline": (outcome) => expect(rules(outcome, "error")).toEqual(["missing-pipelines"]),
  "elyra/inputpath_missing_connection.pipeline": (outcome) =>
    expect(rules(outcome, "error", "upload")).toEqual(["input-not-upstream"]),
  "elyra/invalid_component_property.pipeline": (outcome) =>
    expect(rules(outcome, "error", "upload")).toEqual(["invalid-component-value"]),
  "elyra/invalid_dependency_path.pipeline": (outcome) =>
    expect(incomplete(outcome)).toContain("local_dependency_non_existent.py"),
  "ydata/anomaly_detc.pipeline": (outcome) => expect(incomplete(outcome)).toContain("gcs_credentials.json"),
  "ydata/template_balancing.pipeline": (outcome) => expect(incomplete(outcome)).toContain("balance_model_training.py"),
  "elyra/supernode.pipeline": (outcome) => {
    expect(outcome.ok && outcome.graph.steps.map((step) => [step.name, step.kind, step.dependsOn.length])).toEqual([
      ["Download data", "container", 0],
      ["Supernode", "dag", 0],
      ["Filter text", "container", 1],
      ["Calculate data hash", "container", 1],
      ["Run notebook using papermill", "container", 1],
    ]);
  },
};

interface Row {
  readonly path: string;
  readonly expected: string;
}

function readIndex(): readonly Row[] {
  const lines = readFileSync(join(ROOT, "index.csv"), "utf8").trim().split(/\r?\n/).slice(1);
  return lines.map((line) => {
    const cells = [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^",]*))/g)].map((cell) => cell[1] ?? cell[2] ?? "");
    return { path: cells[0] ?? "", expected: cells[2] ?? "" };
  });
}

describe.runIf(isThere)("elyra fixtures", () => {
  const rows = isThere ? readIndex() : [];

  it("covers every file and prints the counts", () => {
    const listed = new Set(rows.map((row) => row.path));
    const files = ["elyra", "ydata"].flatMap((folder) =>
      readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`),
    );
    expect(files.filter((file) => !listed.has(file))).toEqual([]);
    const counts = new Map<string, number>();
    for (const { expected } of rows) counts.set(expected, (counts.get(expected) ?? 0) + 1);
    const listing = [...counts].map(([expected, count]) => `${count} ${expected}`).join(", ");
    console.log(`elyra fixtures: ${rows.length} files: ${listing}`);
    expect(rows).toHaveLength(40);
  });

  it.for(rows)("$path: $expected", ({ path, expected }) => {
    const outcome = parseElyra(readFileSync(join(ROOT, path), "utf8"));
    const meaning = MEANINGS[expected];
    if (meaning === undefined) throw new Error(`The index says "${expected}", which this table does not know.`);
    meaning(outcome);
    DETAILS[path]?.(outcome);
    if (outcome.ok) expect(outcome.graph.steps.length).toBeGreaterThan(0);
  });
});
