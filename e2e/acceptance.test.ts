/** Every capability of the first release has its tests, and every test that is named is there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programRoot } from "@/server/platform/root";
import { TRIED } from "./acceptance";

/** Rows of pipelines and runs that are due; A7 and A9 come later. */
const ROWS = [1, 2, 3, 4, 5, 6, 8, 10]
  .map((number) => `A${number}`)
  .concat(Array.from({ length: 17 }, (_, at) => `B${at + 1}`));

test("every row that is due is tried", () => {
  expect(Object.keys(TRIED)).toEqual(ROWS);
});

test.each(Object.entries(TRIED))("%s is tried by tests that are there", (_row, { by }) => {
  expect(by.length).toBeGreaterThan(0);
  for (const [file, title] of by) {
    const text = readFileSync(join(programRoot(), "e2e", file), "utf8");
    const isThere = text
      .split("\n")
      .some((line) => /^\s*test\(["`]/.test(line) && /["`],/.test(line) && line.includes(title));
    expect(isThere, `${file}: ${title}`).toBe(true);
  }
});
