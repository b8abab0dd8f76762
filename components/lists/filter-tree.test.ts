import { expect, test } from "vitest";
import type { Filter } from "@/server/domain/lists/filter";
import { RUN_FIELDS } from "@/server/domain/lists/run-fields";
import { filterOf, freshComparison, rootOf, withOperator, withoutConjunct } from "./filter-tree";

const A: Filter = { field: "name", is: "=", value: "a" };
const B: Filter = { field: "state", is: "in", values: ["failed"] };

test("what the builder shows is the filter that it was given", () => {
  for (const filter of [
    A,
    { all: [A, B] },
    { any: [A, { all: [A, B] }] },
    { not: A },
    { not: { any: [A, B] } },
  ] as Filter[]) {
    expect(filterOf(rootOf(filter))).toEqual(filter);
  }
  expect(filterOf(rootOf(null))).toBeNull();
  expect(filterOf({ joint: "all", parts: [{ joint: "any", parts: [] }, A] as never })).toEqual(A);
});

test("a comparison begins with what its kind allows, and keeps its value when it is asked another way", () => {
  expect(freshComparison(RUN_FIELDS, "state")).toEqual({ field: "state", is: "=", value: "pending" });
  expect(freshComparison(RUN_FIELDS, "name")).toEqual({ field: "name", is: "contains", value: "" });
  expect(withOperator(A as never, "in")).toEqual({ field: "name", is: "in", values: ["a"] });
  expect(withOperator(B as never, "=")).toEqual({ field: "state", is: "=", value: "failed" });
  expect(withOperator(A as never, "set")).toEqual({ field: "name", is: "set" });
});

test("a chip that is taken away leaves the others", () => {
  expect(withoutConjunct({ all: [A, B] }, 0)).toEqual(B);
  expect(withoutConjunct(A, 0)).toBeNull();
});
