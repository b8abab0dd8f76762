import fc from "fast-check";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Db } from "@/db/client";
import { testDatabase } from "@/db/testing";
import type { Comparison, Filter } from "@/server/domain/lists/filter";
import { RUN_SORTS } from "@/server/domain/lists/run-sorts";
import type { PagePosition } from "@/server/domain/predicates";
import { isKept } from "./kept-count";
import { countRuns, type RunQuestion, readRunPage } from "./run-page";
import { holds, NOW_MS, type SampleRun, sampleRuns, writeSamples } from "./testing/run-samples";

const limits = vi.hoisted(() => ({ FEW: 4_000 }));
vi.mock("./few", () => ({
  get FEW() {
    return limits.FEW;
  },
}));

let db: Db;
let samples: readonly SampleRun[];

beforeAll(() => {
  db = testDatabase();
  samples = sampleRuns(160, 11);
  writeSamples(db, samples);
});

const question = (given: Partial<RunQuestion>): RunQuestion => ({
  filter: undefined,
  sort: "created",
  direction: "desc",
  after: null,
  limit: 200,
  nowMs: NOW_MS,
  facts: { parameters: null, metrics: [] },
  ...given,
});

const names = fc.constantFrom("lr", "name", "deep");
const numbers = fc.constantFrom(-1, 0, 0.01, 0.1, 0.5, 3);
const texts = fc.constantFrom("a", "B", "train", "rai", "x%_", "true", "[1,2]", 'say "hi"', "ünïcode");
const orders = fc.constantFrom("=" as const, "!=" as const, ">" as const, ">=" as const, "<" as const, "<=" as const);

const comparison = fc.oneof(
  fc.record({
    field: fc.constant("state"),
    is: fc.constantFrom("=" as const, "!=" as const),
    value: fc.constantFrom("failed", "succeeded", "running"),
  }),
  fc.record({
    field: fc.constant("state"),
    is: fc.constant("in" as const),
    values: fc.constantFrom(["failed", "running"], ["succeeded"], ["failed", "failed", "pending"]),
  }),
  fc.record({
    field: fc.constantFrom("name", "description", "error", "pipeline", "experiment", "profile", "id"),
    is: fc.constant("contains" as const),
    value: texts,
  }),
  fc.record({
    field: fc.constantFrom("name", "pipeline", "experiment", "profile", "tag.team", "description"),
    is: fc.constantFrom("=" as const, "!=" as const),
    value: fc.constantFrom("train-1", "a", "Default", "local", "vision", "churn", ""),
  }),
  fc.record({ field: fc.constant("text"), is: fc.constant("contains" as const), value: texts }),
  fc.record({
    field: fc.constantFrom("created", "started", "finished"),
    is: fc.constantFrom(">" as const, "<=" as const),
    value: fc.constantFrom("-1h", "-2d", "2026-11-01"),
  }),
  fc.record({
    field: fc.constant("duration"),
    is: fc.constantFrom(">" as const, "<" as const),
    value: fc.constantFrom("5s", "1m"),
  }),
  fc.record({ field: fc.constant("archived"), is: fc.constant("=" as const), value: fc.constantFrom("true", "false") }),
  fc.record({ field: names.map((name) => `param.${name}`), is: orders, value: fc.oneof(numbers, texts) }),
  fc.record({ field: fc.constantFrom("metric.accuracy", "metric.loss"), is: orders, value: numbers }),
  fc.record({
    field: fc.constantFrom("param.lr", "metric.loss", "tag.team", "started", "description", "error"),
    is: fc.constant("set" as const),
  }),
  fc.record({ field: fc.constant("version"), is: orders, value: fc.constantFrom(1, 2) }),
  fc.record({ field: fc.constant("priority"), is: orders, value: fc.constantFrom(-10, 0, 1, 4) }),
) as fc.Arbitrary<Comparison>;

const filter = fc.letrec<{ tree: Filter }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    comparison,
    fc.record({ all: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie("tree") }),
  ),
})).tree;

const keptComparison = fc.oneof(
  fc.record({
    field: fc.constant("state"),
    is: fc.constantFrom("=" as const, "!=" as const),
    value: fc.constantFrom("failed", "succeeded", "running"),
  }),
  fc.record({
    field: fc.constant("state"),
    is: fc.constant("in" as const),
    values: fc.constantFrom(["failed", "running"], ["succeeded"]),
  }),
  fc.record({
    field: fc.constantFrom("pipeline", "experiment"),
    is: fc.constant("=" as const),
    value: fc.constantFrom("churn", "a", "Default", "none"),
  }),
  fc.record({ field: fc.constant("archived"), is: fc.constant("=" as const), value: fc.constantFrom("true", "false") }),
) as fc.Arbitrary<Comparison>;

test("what the kept counters say of a filter is what it finds", () => {
  fc.assert(
    fc.property(fc.array(keptComparison, { minLength: 1, maxLength: 3 }), (all) => {
      const tree: Filter = { all };
      expect(isKept(tree)).toBe(true);
      expect(countRuns(db, { filter: tree, nowMs: NOW_MS })).toBe(samples.filter((run) => holds(tree, run)).length);
    }),
    { numRuns: 200 },
  );
  expect(isKept({ field: "profile", is: "=", value: "local" })).toBe(false);
  expect(isKept({ not: { field: "state", is: "=", value: "failed" } })).toBe(false);
});

const sorts = fc.constantFrom(
  "created",
  "started",
  "finished",
  "duration",
  "name",
  "state",
  "pipeline",
  "version",
  "experiment",
  "profile",
  "priority",
  "origin",
  "param.lr",
  "param.name",
  "metric.accuracy",
  "metric.loss",
  "metric.none",
  "tag.team",
);

/** Both ways of reading: of few candidates, and of an index that is walked. */
describe.each([4_000, 2])("where up to %i candidates are few", (few) => {
  beforeAll(() => {
    limits.FEW = few;
    return () => {
      limits.FEW = 4_000;
    };
  });

  test("a filter finds the runs for which it holds, however it is nested", () => {
    fc.assert(
      fc.property(filter, (tree) => {
        const found = readRunPage(db, question({ filter: tree })).items.map((run) => run.id);
        const wanted = samples.filter((run) => holds(tree, run)).map((run) => run.id);
        expect([...found].sort()).toEqual([...wanted].sort());
      }),
      { numRuns: 300 },
    );
  });

  test("pages put together are the whole list in its order, and each row stands in it once", () => {
    fc.assert(
      fc.property(
        sorts,
        fc.constantFrom("asc" as const, "desc" as const),
        fc.option(filter, { nil: undefined }),
        fc.integer({ min: 1, max: 70 }),
        (sort, direction, tree, limit) => {
          const whole = readRunPage(db, question({ sort, direction, filter: tree }));
          const parts: string[] = [];
          let after: PagePosition | null = null;
          do {
            const page = readRunPage(db, question({ sort, direction, filter: tree, limit, after }));
            parts.push(...page.items.map((run) => run.id));
            expect(page.total).toBe(whole.items.length);
            after = page.next;
          } while (after !== null);
          expect(parts).toEqual(whole.items.map((run) => run.id));
          expect(new Set(parts).size).toBe(samples.filter((run) => tree === undefined || holds(tree, run)).length);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test("rows without a value come last, and numbers before texts", () => {
  const lastOf = (sort: string, direction: "asc" | "desc") =>
    readRunPage(db, question({ sort, direction, facts: { parameters: null, metrics: ["accuracy"] } })).items;
  const accuracies = lastOf("metric.accuracy", "desc").map((run) => run.lastMetrics.accuracy);
  const there = accuracies.filter((value) => value !== undefined);
  expect(accuracies.slice(there.length).every((value) => value === undefined)).toBe(true);
  expect(there).toEqual([...there].sort((a, b) => b - a));
  const rates = lastOf("param.lr", "asc").map((run) => typeof run.parameters.lr);
  expect(rates.indexOf("string")).toBeGreaterThan(rates.lastIndexOf("number"));
});

test("no page sorts what it walks: an index has every order of a run's own columns and of its owners", () => {
  const statements: { source: string; values: unknown[] }[] = [];
  const prepare = db.$client.prepare.bind(db.$client);
  const plans = (sort: string, direction: "asc" | "desc", after: PagePosition | null): PagePosition | null => {
    statements.length = 0;
    const { next } = readRunPage(db, question({ sort, direction, after, limit: 20 }));
    const [keys] = statements;
    const rows = prepare(`explain query plan ${keys?.source}`).all(...(keys?.values ?? [])) as { detail: string }[];
    const details = rows.map(({ detail }) => detail);
    // What several sources or ranges give, a page each, is put together in order; nothing else is.
    const walks = details.filter(
      (detail, at) => detail.includes("TEMP B-TREE") && !details[at - 1]?.includes("subquery"),
    );
    expect(walks, `${sort} ${direction}: ${details.join("; ")}`).toEqual([]);
    expect(details.some((detail) => /^(SCAN|SEARCH) run USING (COVERING )?INDEX/.test(detail))).toBe(true);
    return next;
  };
  db.$client.prepare = ((source: string) => {
    const statement = prepare(source);
    const all = statement.all.bind(statement);
    statement.all = (...values: unknown[]) => {
      statements.push({ source, values });
      return all(...values);
    };
    return statement;
  }) as typeof db.$client.prepare;
  try {
    for (const sort of RUN_SORTS) {
      for (const direction of ["asc", "desc"] as const) plans(sort, direction, plans(sort, direction, null));
    }
  } finally {
    db.$client.prepare = prepare;
  }
});

test("what a page costs: at most four statements, and few bytes whatever stands in the runs", () => {
  const counted: string[] = [];
  const prepare = db.$client.prepare.bind(db.$client);
  db.$client.prepare = ((source: string) => {
    counted.push(source);
    return prepare(source);
  }) as typeof db.$client.prepare;
  try {
    for (const sort of ["created", "metric.accuracy", "param.lr", "pipeline"]) {
      for (const tree of [
        undefined,
        { field: "state", is: "in", values: ["failed", "succeeded"] },
        {
          all: [
            { field: "text", is: "contains", value: "train" },
            { field: "metric.loss", is: ">", value: 0 },
          ],
        },
      ] as (Filter | undefined)[]) {
        counted.length = 0;
        const page = readRunPage(
          db,
          question({
            sort,
            filter: tree,
            limit: 50,
            facts: { parameters: ["lr", "name", "deep"], metrics: ["accuracy", "loss"] },
          }),
        );
        expect(counted.length, `${sort}: ${counted.join("\n")}`).toBeLessThanOrEqual(4);
        expect(JSON.stringify(page).length).toBeLessThanOrEqual(60_000);
      }
    }
  } finally {
    db.$client.prepare = prepare;
  }
});
