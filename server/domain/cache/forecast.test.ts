import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonValue, PipelineGraph, Step } from "@/pipelines/graph";
import { indexGraph } from "../planning/graph-index";
import { aChain, aGraph, aStep } from "../planning/testing/graphs";
import { gambles } from "../planning/testing/random-graphs";
import { LOCAL_PROFILE } from "../profile";
import type { StepPlanView } from "../views/run-plan";
import { Forecast } from "./forecast";
import { forecastOrder } from "./forecast-order";
import type { ForecastWorld, KnownResult } from "./forecast-world";

const source = { taskKey: 7, taskPath: "t", runId: "r", runName: "Monday" };
const aResult = (parameters: { readonly [name: string]: JsonValue } = {}): KnownResult => ({
  source,
  parameters,
  artifacts: {},
  stored: [],
});

const facts = { jobName: "", jobResourceName: "", jobId: "", taskName: "", taskId: "" };
/** Finds nothing: nothing has ever run. */
const empty: ForecastWorld = {
  parameters: {},
  switches: { fileMode: "shared", cacheOff: [], cache: "use", extent: { kind: "all" } },
  profile: LOCAL_PROFILE,
  files: [],
  factsOf: () => facts,
  versionsOf: () => null,
  find: () => ({ result: null, gone: null, twin: null }),
  earlier: () => undefined,
  settled: () => null,
};
const findsAll = (parameters: { readonly [name: string]: JsonValue } = {}): ForecastWorld["find"] => {
  const result = aResult(parameters);
  return () => ({ result, gone: null, twin: null });
};

function forecast(graph: PipelineGraph, world: Partial<ForecastWorld> = {}): { [step: string]: StepPlanView } {
  const work = new Forecast(indexGraph(graph), { ...empty, ...world }).work();
  for (;;) {
    const next = work.next();
    if (next.done) return Object.fromEntries(next.value.map((view) => [view.step, view]));
  }
}

const cached = { enabled: true };
const gives = (...names: string[]): Step["interface"] => ({
  parameters: [],
  artifacts: [],
  outputParameters: names.map((name) => ({ name, type: "string" as const })),
  outputArtifacts: [],
});
const takes = (name: string): Step["interface"] => ({
  ...gives(),
  parameters: [{ name, type: "string", required: true }],
});
const fromTask = (name: string, step: string, output: string): Step["parameters"] => [
  { name, source: { from: "task", step, output } },
];

const trainAndTest = aGraph([
  aStep("train", { cache: cached, interface: gives("model") }),
  aStep("test", {
    cache: cached,
    dependsOn: ["train"],
    interface: takes("model"),
    parameters: fromTask("model", "train", "model"),
  }),
  aStep("tidy", { cache: cached, dependsOn: ["train"] }),
]);

test("nothing can be said of what depends on a result that is not there; an order alone is no obstacle", () => {
  const views = forecast(trainAndTest);
  expect(views.train).toMatchObject({ does: "run", why: "The step has never run before." });
  expect(views.test).toMatchObject({
    does: "unknown",
    why: 'It depends on the result of "train", which is not there yet.',
  });
  expect(views.tidy).toMatchObject({ does: "run" });
});

test("the outputs of a result are the inputs of what comes next", () => {
  const keys: string[] = [];
  const views = forecast(trainAndTest, {
    find: (key) => {
      keys.push(key);
      return { result: keys.length === 2 ? null : aResult({ model: "m" }), gone: null, twin: null };
    },
    earlier: () => ({ parts: { "input model": "other" }, inputs: { model: "old" } }),
  });
  expect(views.train).toMatchObject({ does: "reuse", source: { runId: "r", runName: "Monday", task: 7 } });
  expect(views.test?.why).toContain('input "model" changed from old to m');
  expect(new Set(keys).size).toBe(3);
});

test("a switch, a lost artifact and a twin are told apart", () => {
  expect(forecast(trainAndTest, { switches: { ...empty.switches, cache: "ignore" } }).train?.why).toContain("nothing");
  expect(forecast(trainAndTest, { switches: { ...empty.switches, cacheOff: ["train"] } }).train?.why).toContain(
    "in this run",
  );
  const gone = forecast(trainAndTest, {
    find: () => ({ result: null, gone: "model", twin: null }),
    earlier: () => ({ parts: {}, inputs: {} }),
  });
  expect(gone.train?.why).toContain('its artifact "model" is gone');
  const twin = forecast(trainAndTest, { find: () => ({ result: null, gone: null, twin: source }) });
  expect(twin.train).toMatchObject({ does: "unknown" });
});

test("a condition that is known decides, one that is not leaves it open", () => {
  const branch = (from: Step["parameters"][number]["source"]) =>
    aGraph([
      aStep("flip", { cache: cached, interface: gives("side") }),
      aStep("if", {
        kind: "condition",
        dependsOn: ["flip"],
        condition: "inputs.parameter_values['side'] == 'heads'",
        interface: takes("side"),
        parameters: [{ name: "side", source: from }],
        body: { body: "group", outputParameters: [], outputArtifacts: [] },
      }),
      aStep("if/win", { cache: cached }),
      aStep("after", { cache: cached, dependsOn: ["if"] }),
    ]);
  const result = branch({ from: "task", step: "flip", output: "side" });
  expect(forecast(result)["if/win"]?.does).toBe("unknown");
  const tails = forecast(result, { find: findsAll({ side: "tails" }) });
  expect(tails.if).toMatchObject({ does: "leave-out" });
  expect(tails["if/win"]).toMatchObject({ does: "leave-out" });
  expect(tails.after).toMatchObject({ does: "leave-out" });
  const heads = forecast(result, { find: findsAll({ side: "heads" }) });
  expect(heads.if).toMatchObject({ does: "reuse", why: "All it holds is reused." });
  expect(heads["if/win"]).toMatchObject({ does: "reuse" });
  const given = branch({ from: "parent", input: "side" });
  expect(forecast(given, { parameters: { side: "heads" } })["if/win"]?.does).toBe("run");
});

test("outputs are found through groups", () => {
  const graph = aGraph([
    aStep("g", {
      kind: "dag",
      interface: gives("out"),
      body: {
        body: "group",
        outputParameters: [{ name: "out", sources: [{ step: "g/a", output: "out" }] }],
        outputArtifacts: [],
      },
    }),
    aStep("g/a", { cache: cached, interface: gives("out") }),
    aStep("b", {
      cache: cached,
      dependsOn: ["g"],
      interface: takes("in"),
      parameters: fromTask("in", "g", "out"),
    }),
  ]);
  const views = forecast(graph, { find: findsAll({ out: "x" }) });
  expect(views.g?.does).toBe("reuse");
  expect(views.b?.does).toBe("reuse");
});

/** A loop whose step echoes its item, and a step that takes all that was said. */
function aLoop(items: Step["loop"] & object, rest: Partial<Step> = {}): PipelineGraph {
  return aGraph([
    aStep("loop", {
      kind: "loop",
      loop: items,
      interface: {
        ...takes("item"),
        parameters: [
          { name: "item", type: "string", required: true },
          { name: "words", type: "list", required: false },
        ],
        outputParameters: [{ name: "all", type: "list" }],
      },
      body: {
        body: "group",
        outputParameters: [{ name: "all", sources: [{ step: "loop/echo", output: "said" }] }],
        outputArtifacts: [],
      },
      ...rest,
    }),
    aStep("loop/echo", {
      cache: cached,
      interface: { ...gives("said"), ...{ parameters: takes("word").parameters } },
      parameters: [{ name: "word", source: { from: "parent", input: "item" } }],
    }),
    aStep("sum", {
      cache: cached,
      dependsOn: ["loop"],
      interface: { ...gives(), parameters: [{ name: "all", type: "list", required: true }] },
      parameters: fromTask("all", "loop", "all"),
    }),
  ]);
}
const overRaw = (...raw: readonly string[]) =>
  ({ over: "parameter", items: { raw }, itemInput: "item", parallelism: 0 }) as const;

test("a loop over known items is looked at item by item, and its results are collected", () => {
  const asked: string[] = [];
  const keys = new Set<string>();
  const some: Partial<ForecastWorld> = {
    find: (key) => {
      keys.add(key);
      return { result: keys.size === 2 ? null : aResult({ said: "x" }), gone: null, twin: null };
    },
    earlier: (taskPath) => {
      asked.push(taskPath);
      return undefined;
    },
  };
  const partly = forecast(aLoop(overRaw("a", "b", "c")), some);
  expect(partly["loop/echo"]).toMatchObject({ does: "run", why: "2 of 3 iterations are reused." });
  expect(partly.sum?.does).toBe("unknown");
  expect(asked).toEqual(["loop/[1]/echo"]);
  expect(keys.size).toBe(3);

  const all = forecast(aLoop(overRaw("a", "b")), { find: findsAll({ said: "x" }) });
  expect(all["loop/echo"]?.does).toBe("reuse");
  expect(all.sum?.does).toBe("reuse");
});

test("a loop without items runs nothing, and what follows goes on with an empty list", () => {
  const views = forecast(aLoop(overRaw()));
  expect(views["loop/echo"]).toMatchObject({ does: "leave-out", why: "The loop has no items." });
  expect(views.sum?.does).toBe("run");
});

test("a loop over what is not there yet, over too much or over no list says so", () => {
  const over = { over: "parameter", items: { input: "words" }, itemInput: "item", parallelism: 0 } as const;
  const bound = (value: JsonValue) =>
    forecast(aLoop(over, { parameters: [{ name: "words", source: { from: "constant", value } }] }));
  expect(bound(Array.from({ length: 500 }, () => "w")).loop?.why).toBe(
    "It has 500 iterations, too many to look at each.",
  );
  expect(bound("[1").loop).toMatchObject({ does: "run" });
  const later = aLoop(over, { parameters: fromTask("words", "first", "out"), dependsOn: ["first"] });
  const withFirst = { ...later, steps: [aStep("first", { cache: cached, interface: gives("out") }), ...later.steps] };
  const views = forecast(withFirst);
  expect([views.loop?.does, views["loop/echo"]?.does, views.sum?.does]).toEqual(["unknown", "unknown", "unknown"]);
});

test("a step that is a loop itself is judged once for each item", () => {
  const step = aStep("each", {
    cache: cached,
    kind: "container",
    loop: overRaw("a", "b"),
    interface: takes("item"),
  });
  const keys = new Set<string>();
  const views = forecast(aGraph([step]), {
    find: (key) => {
      keys.add(key);
      return { result: keys.size === 1 ? aResult() : null, gone: null, twin: null };
    },
  });
  expect(views.each).toMatchObject({ does: "run", why: "1 of 2 iterations are reused." });
});

test("what the extent of the run settles stays as it is, and gives its result", () => {
  const settled: ForecastWorld["settled"] = ({ path }) =>
    path === "train"
      ? { view: { does: "reuse", why: "taken over", source: null }, result: aResult({ model: "m" }) }
      : null;
  const views = forecast(trainAndTest, { settled });
  expect(views.train?.why).toBe("taken over");
  expect(views.test?.does).toBe("run");
});

test("every step of any pipeline is visited after what it waits for, and is forecast", () => {
  fc.assert(
    fc.property(gambles(20), ({ graph }) => {
      const order = forecastOrder(graph.steps, indexGraph(graph)).map(({ step, at }) => `${at} ${step.path}`);
      const place = new Map(order.map((name, at) => [name, at]));
      expect(place.size).toBe(order.length);
      const ends = (path: string) => place.get(`leave ${path}`) ?? place.get(`enter ${path}`) ?? -1;
      for (const step of graph.steps) {
        const entered = place.get(`enter ${step.path}`) ?? -1;
        for (const path of step.dependsOn) expect(ends(path)).toBeLessThan(entered);
        if (step.parent !== null) expect(place.get(`enter ${step.parent}`)).toBeLessThan(entered);
      }
      expect(Object.values(forecast(graph)).every(({ why }) => why !== "")).toBe(true);
    }),
  );
});

test("a chain of thousands of steps is no trouble", () => {
  expect(Object.keys(forecast(aChain(20_000)))).toHaveLength(20_000);
});
