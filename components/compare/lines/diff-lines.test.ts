import fc from "fast-check";
import { expect, it } from "vitest";
import { diffLines, withoutMoments } from "./diff-lines";

it("tells what came and went, with a few lines around it and the rest folded", () => {
  const before = Array.from({ length: 20 }, (_, at) => `line ${at + 1}`);
  const after = before.map((line) => (line === "line 10" ? "line ten" : line));
  const diff = diffLines(before.join("\n"), after.join("\n"));
  expect([diff?.removed, diff?.added]).toEqual([1, 1]);
  expect(
    diff?.lines.map((line) => (line.kind === "folded" ? `${line.count} folded` : `${line.kind} ${line.text}`)),
  ).toEqual([
    "6 folded",
    "same line 7",
    "same line 8",
    "same line 9",
    "removed line 10",
    "added line ten",
    "same line 11",
    "same line 12",
    "same line 13",
    "7 folded",
  ]);
});

it("does not count moments, ids and durations, and shows lines as they were written", () => {
  const one = "2026-11-21T10:00:00.123Z pid 41 loss 0.5 in 3.2 s run 0b8c1c9e-0f0e-4a5c-9a58-0d9a5f1d2c3b\n";
  const two = "2026-11-22 11:30:01 pid 77 loss 0.5 in 12 s run 1b8c1c9e-0f0e-4a5c-9a58-0d9a5f1d2c3c\n";
  expect(diffLines(one, two, withoutMoments)).toMatchObject({ added: 0, removed: 0 });
  expect(diffLines(one, two)?.added).toBe(1);
  const changed = diffLines(one, two.replace("0.5", "0.7"), withoutMoments);
  expect(changed?.lines.map((line) => "text" in line && line.text.includes("2026-11-2"))).toEqual([true, true]);
});

it("gives back both texts, whatever they are", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = diffLines(before.join("\n"), after.join("\n"));
      const side = (kind: "removed" | "added") =>
        diff?.lines.reduce(
          (sum, line) =>
            sum + (line.kind === "folded" ? line.count : line.kind === "same" || line.kind === kind ? 1 : 0),
          0,
        );
      expect(side("removed")).toBe(before.length);
      expect(side("added")).toBe(after.length);
    }),
  );
});
