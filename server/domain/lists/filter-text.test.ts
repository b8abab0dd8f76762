import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparisonProblem } from "./fields";
import type { Comparison, Filter as FilterTree } from "./filter";
import { Filter } from "./filter-schema";
import { filterText, readFilterText } from "./filter-text";
import { RUN_FIELDS } from "./run-fields";

const read = (text: string) => readFilterText(RUN_FIELDS, text);
const problem = (text: string) => {
  const reading = read(text);
  return reading.ok ? null : reading.problem;
};

describe("reading", () => {
  test("and binds closer than or, not closer still, brackets closest", () => {
    expect(read("state = failed or param.lr > 0.01 and not (name = a or name = b)")).toEqual({
      ok: true,
      filter: {
        any: [
          { field: "state", is: "=", value: "failed" },
          {
            all: [
              { field: "param.lr", is: ">", value: 0.01 },
              {
                not: {
                  any: [
                    { field: "name", is: "=", value: "a" },
                    { field: "name", is: "=", value: "b" },
                  ],
                },
              },
            ],
          },
        ],
      },
    });
  });

  test("an unquoted number of a parameter is a number, a quoted one is text", () => {
    expect(read('param.lr in (0.1, "0.1", auto)')).toEqual({
      ok: true,
      filter: { field: "param.lr", is: "in", values: [0.1, "0.1", "auto"] },
    });
  });

  test("names with blanks, quotes in values, what is and is not set", () => {
    expect(read('param."learning rate" is not set and tag.team = "a \\"b\\" c"')).toEqual({
      ok: true,
      filter: {
        all: [{ not: { field: "param.learning rate", is: "set" } }, { field: "tag.team", is: "=", value: 'a "b" c' }],
      },
    });
  });

  test("an empty text is no filter", () => expect(read("  ")).toEqual({ ok: true, filter: null }));

  test.each([
    ["stat = failed", 0, 13, /no field stat\b/],
    ["name = a stat = failed", 9, 4, /Join it/],
    ["state = bad", 0, 11, /one of pending/],
    ["name = a and", 12, 0, /Name a field/],
    ["(name = a", 9, 0, /closing \)/],
    ['name = "a', 7, 2, /never closed/],
    ["created > yesterday", 0, 19, /day or a moment/],
    ["duration > long", 0, 15, /length of time/],
    ["metric.accuracy > high", 0, 22, /number/],
    ["name > a", 0, 8, /cannot be asked with >/],
    ["state in failed", 9, 6, /brackets/],
    ["name = and", 7, 3, /value here/],
    ["name a", 5, 1, /Compare name/],
    [`${"(".repeat(40)}name = a`, 12, 1, /at most 12 deep/],
  ])("%s is refused at its place", (text, at, length, message) => {
    expect(problem(text)).toMatchObject({ at, length, message: expect.stringMatching(message) });
  });
});

const word = fc.oneof(
  fc.constantFrom("and", "a b", "0.1", "-7d", 'q"\\', "ünï", "is", "x(1)"),
  fc.string({ maxLength: 12 }),
);
const comparison = fc
  .oneof(
    fc.record({ field: fc.constantFrom("name", "tag.team", "error"), is: fc.constantFrom("=", "!="), value: word }),
    fc.record({
      field: word.map((name) => `param.${name}`),
      is: fc.constantFrom("=", ">", "<="),
      // JSON, in which trees are sent, knows no -0.
      value: fc.oneof(
        word,
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      ),
    }),
    fc.record({ field: fc.constant("state"), is: fc.constant("in"), values: fc.constant(["failed", "running"]) }),
    fc.record({
      field: fc.constantFrom("text", "name"),
      is: fc.constant("contains"),
      value: word.filter((text) => text !== ""),
    }),
    fc.record({
      field: fc.constantFrom("created"),
      is: fc.constant(">"),
      value: fc.constantFrom("-7d", "2026-11-21T10:00Z"),
    }),
    fc.record({ field: fc.constantFrom("tag.team", "param.and"), is: fc.constant("set") }),
  )
  .map((each) => each as Comparison)
  .filter((each) => comparisonProblem(RUN_FIELDS, each) === null);
const filter = fc.letrec<{ tree: FilterTree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    comparison,
    fc.record({ all: fc.array(tie("tree"), { minLength: 2, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("tree"), { minLength: 2, maxLength: 3 }) }),
    fc.record({ not: tie("tree") }),
  ),
})).tree;

test("what is written reads back to the same tree", () => {
  fc.assert(
    fc.property(filter, (tree) => {
      expect(read(filterText(tree))).toEqual({ ok: true, filter: tree });
    }),
    { numRuns: 500 },
  );
});

test("any text is read or refused at a place inside it, never thrown at", () => {
  const piece = fc.constantFrom(
    "(",
    ")",
    "and ",
    "or ",
    "not ",
    "name ",
    "= ",
    '"',
    "a",
    "\\",
    ",",
    "in",
    " ",
    "param.",
    "é",
    "1e5 ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join("");
      const found = problem(text);
      if (found !== null) {
        expect(found.at).toBeGreaterThanOrEqual(0);
        expect(found.at + found.length).toBeLessThanOrEqual(text.length);
      }
    }),
  );
});

test("a tree that is too deep or too large is refused before it is walked", () => {
  let deep: unknown = { field: "name", is: "=", value: "a" };
  for (let i = 0; i < 5_000; i++) deep = { not: deep };
  expect(Filter.safeParse(deep).success).toBe(false);
  const wide = { all: Array.from({ length: 101 }, () => ({ field: "name", is: "=", value: "a" })) };
  expect(Filter.safeParse(wide).success).toBe(false);
});
