/** Another version of a pipeline takes what it can of a form's values, and says what it does not. */
import { describe, expect, it } from "vitest";
import type { ParameterSpec } from "@/pipelines/graph";
import { carriedTexts, keptCount, parameterChanges } from "./parameter-changes";

const BEFORE: readonly ParameterSpec[] = [
  { name: "rate", type: "number", required: false, default: 0.1 },
  { name: "rounds", type: "string", required: true },
  { name: "mode", type: "string", required: true },
  { name: "old", type: "integer", required: false, default: 3 },
  { name: "seed", type: "integer", required: false, default: 1 },
];
const AFTER: readonly ParameterSpec[] = [
  { name: "rate", type: "number", required: false, default: 0.2 },
  { name: "rounds", type: "integer", required: true },
  { name: "mode", type: "string", required: true, literals: ["fast", "slow"] },
  { name: "seed", type: "integer", required: false, default: 1 },
  { name: "depth", type: "integer", required: true },
];

describe("another version's parameters", () => {
  it("are told apart: new, of another type, of another default, gone with their value", () => {
    const changes = parameterChanges(BEFORE, AFTER, (name) => (name === "old" ? "7" : undefined));
    expect(changes).toEqual([
      { what: "default", name: "rate", text: "0.1 → 0.2" },
      { what: "retyped", name: "rounds", text: "string → integer" },
      { what: "retyped", name: "mode", text: "string → string, one of 2" },
      { what: "new", name: "depth", text: "needs a value" },
      { what: "removed", name: "old", text: "7" },
    ]);
    expect(keptCount(BEFORE, changes)).toBe(2);
  });

  it("take over values as their types write them, and keep what they have no place for", () => {
    expect(carriedTexts(BEFORE, ["0.1", "12", "fast", "7", "5"], AFTER, false)).toEqual({
      rate: "0.1",
      rounds: "12",
      mode: '"fast"',
      old: "7",
      seed: "5",
    });
  });

  it("bring their own defaults where nobody typed", () => {
    expect(carriedTexts(BEFORE, ["0.1", "12", "fast", "3", "1"], AFTER, true)).toEqual({
      rounds: "12",
      mode: '"fast"',
      old: "3",
    });
  });
});
