/** Cells from events: the course of a run, joined streams, limits, and input that nobody should have written. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellReader } from "./cells";

const HASH = "a".repeat(64);
const cell = (index: number, type = "code") => ({
  at: 1,
  kind: "cell",
  index,
  id: null,
  type,
  hash: HASH,
  source: "x",
});
const stream = (index: number, text: string, name = "stdout") => ({
  at: 2,
  kind: "output",
  index,
  output: { output_type: "stream", name, text },
});

function read(events: readonly unknown[], isOver = false) {
  const reader = new CellReader();
  for (const event of events) reader.take(typeof event === "string" ? event : JSON.stringify(event));
  return reader.views(isOver);
}

describe("CellReader", () => {
  const course = [
    cell(1),
    cell(0, "markdown"),
    cell(2),
    { at: 1_000, kind: "cell-start", index: 1 },
    stream(1, "a"),
    stream(1, "b"),
    stream(1, "c", "stderr"),
    { at: 2, kind: "output", index: 1, output: { output_type: "execute_result", data: { "text/plain": "42" } } },
  ];

  it("follows a cell from pending to its end and joins what it prints", () => {
    expect(read(course)).toMatchObject([
      { index: 0, type: "markdown", state: "not-run" },
      {
        index: 1,
        state: "running",
        startedAt: "1970-01-01T00:00:01.000Z",
        finishedAt: null,
        outputs: [{ text: "ab" }, { text: "c", name: "stderr" }, { data: { "text/plain": "42" } }],
      },
      { index: 2, state: "pending", outputs: [] },
    ]);
    const ended = read([...course, { at: 3_000, kind: "cell-end", index: 1 }]);
    expect(ended[1]).toMatchObject({ state: "succeeded", finishedAt: "1970-01-01T00:00:03.000Z", sourceHash: HASH });
  });

  it("keeps an error with its place, and whether it was allowed", () => {
    const error = { at: 5, kind: "cell-error", index: 1, ename: "E", evalue: "v", traceback: "t", allowed: false };
    expect(read([...course, error])[1]).toMatchObject({
      state: "failed",
      error: { name: "E", value: "v", traceback: "t" },
    });
    expect(read([...course, { ...error, allowed: true }])[1]).toMatchObject({
      state: "succeeded",
      error: { name: "E" },
    });
  });

  it("knows that nothing runs any more once the attempt is over", () => {
    expect(read(course, true).map(({ state }) => state)).toEqual(["not-run", "failed", "not-run"]);
  });

  it("takes cleared outputs back and replaces changed ones", () => {
    expect(read([...course, { at: 2, kind: "clear", index: 1 }, stream(1, "new")])[1]?.outputs).toMatchObject([
      { text: "new" },
    ]);
    const outputs = [{ output_type: "display_data", data: { "text/plain": "now" } }];
    expect(read([...course, { at: 2, kind: "outputs", index: 1, outputs }])[1]?.outputs).toEqual(outputs);
  });

  it("shows a bounded part of endless outputs", () => {
    const reader = new CellReader();
    for (let index = 0; index < 40; index += 1) reader.take(JSON.stringify(cell(index)));
    const line = "x".repeat(500_000);
    for (let index = 0; index < 40; index += 1)
      for (let part = 0; part < 4; part += 1) reader.take(JSON.stringify(stream(index, line)));
    const views = reader.views(false);
    expect(JSON.stringify(views).length).toBeLessThan(18_000_000);
    expect(views.every(({ isCut }) => isCut)).toBe(true);
  });

  it("leaves out what makes no sense and never throws", () => {
    const deep = `{"kind":"output","index":1,"output":{"output_type":"x","data":${"[".repeat(100_000)}${"]".repeat(100_000)}}}`;
    const odd = [
      deep,
      "{",
      "null",
      { kind: "cell", index: 99_999_999 },
      stream(77, "no cell"),
      { kind: "cell-start", index: 1, at: -1 },
    ];
    expect(read([...odd, cell(1)])).toMatchObject([{ index: 1, state: "pending" }]);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.json(), fc.constantFrom(...course.map((one) => JSON.stringify(one))))),
        (lines) => {
          expect(Array.isArray(read(lines))).toBe(true);
        },
      ),
    );
  });
});
