import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { executions, overlaps, peakConcurrency, readJournal } from "./journal";

function journalOf(text: string) {
  const file = join(mkdtempSync(join(tmpdir(), "penstock-journal-")), "journal");
  writeFileSync(file, text);
  return readJournal(file);
}

test("two attempts of a step that were alive together are found", () => {
  const list = executions(journalOf("start r s 1 10\nstart r s 2 20\nend r s 1 30\nend r s 2 40\n"));
  expect(overlaps(list)).toHaveLength(1);
  expect(peakConcurrency(list)).toBe(2);
});

test("attempts one after the other are fine, other steps do not matter", () => {
  const list = executions(journalOf("start r s 1 10\nend r s 1 20\nstart r t 1 15\nstart r s 2 20\nend r s 2 40\n"));
  expect(overlaps(list)).toEqual([]);
  expect(list.find((execution) => execution.step === "t")?.endNs).toBeNull();
});

test("one attempt that starts twice is an error", () => {
  expect(() => executions(journalOf("start r s 1 10\nstart r s 1 20\n"))).toThrow(/started twice/);
});

test("a torn line is an error", () => {
  expect(() => journalOf("start r s\n")).toThrow(/torn/);
});
