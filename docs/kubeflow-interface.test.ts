/** The table against Kubeflow's interface covers all its parts, says of each whether it is here, and names pages that exist. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programRoot } from "@/server/platform/root";

/** Parts of the design's description of that interface, with the number of things that each describes. */
const PARTS: { readonly [part: string]: number } = {
  Routes: 18,
  Shell: 18,
  Tables: 10,
  Pipelines: 18,
  Experiments: 10,
  Runs: 9,
  "New run, clone, recurring": 19,
  "Run page": 17,
  "Recurring runs": 5,
  Compare: 7,
  Viewers: 10,
  "Artifacts, executions, lineage": 6,
  "Questions before acting": 4,
};
const VERDICT = /^(?:has it|better|not there|over the API|by the command|kept)/;

const text = readFileSync(join(programRoot(), "docs/kubeflow-interface.md"), "utf8");
const parts = text.split(/^## \d+\. /m).slice(1);
const rowsOf = (part: string): string[][] =>
  part
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| Kubeflow"))
    .map((line) => line.slice(2, -2).split(" | "));

test("every part of it has a row for each thing", () => {
  const found = Object.fromEntries(parts.map((part) => [part.split("\n", 1)[0], rowsOf(part).length]));
  expect(found).toEqual(PARTS);
});

test("every row says whether it is here, and leads to pages that exist", () => {
  for (const [theirs = "", here = "", where = "", ...rest] of parts.flatMap(rowsOf)) {
    expect(rest, theirs).toEqual([]);
    expect(here, theirs).toMatch(VERDICT);
    const pages = [...where.matchAll(/`(\/[^`]*)`/g)].map((match) => match[1] ?? "");
    const missing = pages.filter((page) => !existsSync(join(programRoot(), "app", page, "page.tsx")));
    expect(missing, theirs).toEqual([]);
  }
});
