/** What is drawn of a graph: folding, facts of a run, edges' tones, arrow keys, and the camera's arithmetic. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_TASKS } from "@/components/runs/run-tasks";
import { GROUP_KINDS, type GraphComment, type PipelineGraph, type Step, type StepKind } from "@/pipelines/graph";
import type { TaskState } from "@/server/domain/states";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { drawGraph, visibleStep } from "./graph-model";
import { stepInDirection } from "./navigate";
import { edgeTone, stepFacts } from "./step-facts";
import { fitView, meets, reveal, seenBox, toPlane, zoomAt } from "./viewport";

const step = (
  path: string,
  dependsOn: readonly string[] = [],
  parent: string | null = null,
  kind: StepKind = "container",
): Step => ({
  path,
  key: path,
  parent,
  kind,
  name: path,
  dependsOn,
  trigger: "succeeded",
  cache: { enabled: false },
  interface: { parameters: [], artifacts: [], outputParameters: [], outputArtifacts: [] },
  parameters: [],
  artifacts: [],
  body: GROUP_KINDS.has(kind)
    ? { body: "group", outputParameters: [], outputArtifacts: [] }
    : { body: "container", image: "", command: [], args: [], env: [], component: "" },
});

const comment = (id: string, steps: readonly string[]): GraphComment => ({
  id,
  content: "why",
  x: 0,
  y: 0,
  width: 200,
  height: 60,
  steps,
});

const graph = (steps: readonly Step[], comments: readonly GraphComment[] = []): PipelineGraph => ({
  format: "kfp",
  formatVersion: "IR 2.1.0",
  name: "p",
  description: "",
  parameters: [],
  outputs: { parameters: [], artifacts: [] },
  outputTypes: { parameters: {}, artifacts: {} },
  inputArtifacts: [],
  steps,
  comments,
  needs: [],
  changes: [],
  unknownFields: [],
});

/** a → g(x → y) → z, and b beside a. */
const NESTED = graph([
  step("a"),
  step("b"),
  step("g", ["a"], null, "dag"),
  step("g/x", [], "g"),
  step("g/y", ["g/x"], "g"),
  step("z", ["g", "b"]),
]);

const task = (
  id: number,
  stepPath: string,
  state: TaskState,
  kind: StepKind = "container",
  finishedAt: string | null = null,
): TaskSummary => ({
  id,
  step: stepPath,
  stepPath,
  name: stepPath,
  kind,
  state,
  reason: null,
  parent: null,
  iteration: null,
  iterationCount: null,
  source: null,
  createdAt: "2026-11-21T00:00:00.000Z",
  queuedAt: null,
  retryAt: null,
  startedAt: `2026-11-21T00:00:0${id}.000Z`,
  finishedAt,
  attempt: 1,
});

describe("drawGraph", () => {
  it("hides what is inside a folded group and keeps its edges", () => {
    const open = drawGraph(NESTED, new Set());
    expect(open.steps.get("g")).toMatchObject({ look: "open", inside: 2 });
    const folded = drawGraph(NESTED, new Set(["g"]));
    expect([...folded.steps.keys()]).toEqual(["a", "b", "g", "z"]);
    expect(folded.edges.map((edge) => `${edge.from}→${edge.to}`).sort()).toEqual(["a→g", "b→z", "g→z"]);
    const parents = new Map(NESTED.steps.map((each) => [each.path, each.parent]));
    expect(visibleStep(folded, parents, "g/x")?.step.path).toBe("g");
  });

  it("puts notes over the graph without overlap, inside the bounds", () => {
    const { comments, bounds } = drawGraph(
      graph([step("a")], [comment("1", ["a"]), comment("2", ["a"]), comment("3", [])]),
      new Set(),
    );
    expect(comments).toHaveLength(3);
    comments.forEach(({ box }, i) => {
      expect(box.y + box.height).toBeLessThan(0);
      expect(box.y).toBeGreaterThanOrEqual(bounds.y);
      expect(box.x + box.width).toBeLessThanOrEqual(bounds.width);
      for (const other of comments.slice(i + 1)) expect(meets(box, other.box)).toBe(false);
    });
  });
});

describe("stepFacts", () => {
  it("lets the loudest task speak for a step, and counts leaves into their groups", () => {
    const facts = stepFacts(NESTED, {
      ...NO_TASKS,
      tasks: [
        task(1, "g", "running", "dag"),
        task(2, "g/x", "succeeded", "container", "2026-11-21T00:00:05.000Z"),
        task(3, "g/x", "failed", "container", "2026-11-21T00:00:04.000Z"),
        task(4, "g/y", "running"),
      ],
    });
    expect(facts.get("g/x")).toEqual({
      state: "failed",
      reason: null,
      loop: null,
      counts: { succeeded: 1, failed: 1 },
      tasks: 2,
      startedAt: "2026-11-21T00:00:02.000Z",
      finishedAt: "2026-11-21T00:00:05.000Z",
    });
    expect(facts.get("g")).toMatchObject({
      state: "running",
      counts: { succeeded: 1, failed: 1, running: 1 },
      finishedAt: null,
    });
    expect(facts.get("a")).toMatchObject({ state: null, tasks: 0 });
  });
});

it("tones an edge by what flowed over it", () => {
  expect(edgeTone(null, null)).toBe("plain");
  expect(edgeTone("succeeded", "running")).toBe("active");
  expect(edgeTone("succeeded", "succeeded")).toBe("done");
  expect(edgeTone("running", "pending")).toBe("waiting");
  expect(edgeTone("failed", "omitted")).toBe("faint");
});

describe("the facts of a loop", () => {
  const LOOP = graph([step("loop", [], null, "loop"), step("loop/a", [], "loop")]);
  const loop = { ...task(1, "loop", "running", "loop"), iterationCount: 3 };
  const iteration = (id: number, n: number, state: TaskState): TaskSummary => ({
    ...task(id, "loop", state, "loop"),
    parent: 1,
    iteration: n,
  });

  it("are those of its own task, with its iterations counted beside it", () => {
    const tasks = [loop, iteration(2, 0, "failed"), task(3, "loop/a", "failed"), iteration(4, 1, "running")];
    const facts = stepFacts(LOOP, { ...NO_TASKS, tasks });
    expect(facts.get("loop")).toMatchObject({
      state: "running",
      tasks: 1,
      counts: { failed: 1 },
      loop: { iterations: 3, counts: { failed: 1, running: 1 } },
    });
  });

  it("come from the sums where tasks are left out", () => {
    const facts = stepFacts(LOOP, {
      tasks: [loop, iteration(2, 0, "failed"), task(3, "loop/a", "failed")],
      tasksLeftOut: 4,
      loops: [{ task: 1, iterations: { failed: 1, succeeded: 2 } }],
      stepSums: [
        {
          stepPath: "loop/a",
          tasks: { failed: 1, succeeded: 2 },
          startedAt: "2026-11-21T00:00:00.000Z",
          finishedAt: null,
        },
      ],
    });
    expect(facts.get("loop")?.loop).toEqual({ iterations: 3, counts: { failed: 1, succeeded: 2 } });
    expect(facts.get("loop/a")).toMatchObject({ state: "failed", tasks: 3, counts: { failed: 1, succeeded: 2 } });
    expect(facts.get("loop")?.counts).toEqual({ failed: 1, succeeded: 2 });
  });
});

describe("stepInDirection", () => {
  const model = drawGraph(NESTED, new Set(["g"]));

  it("follows edges to the sides and neighbours up and down", () => {
    expect(stepInDirection(model, "a", "right")).toBe("g");
    expect(stepInDirection(model, "g", "left")).toBe("a");
    expect(stepInDirection(model, "z", "right")).toBeNull();
    const [upper, lower] =
      (model.steps.get("b")?.box.y ?? 0) < (model.steps.get("g")?.box.y ?? 0) ? ["b", "g"] : ["g", "b"];
    expect(stepInDirection(model, upper, "down")).toBe(lower);
  });

  it("begins somewhere when the step is gone", () => {
    expect(stepInDirection(model, "nowhere", "right")).toBe("a");
  });
});

describe("the camera", () => {
  const number = (min: number, max: number) => fc.integer({ min, max });
  const box = fc.record({
    x: number(-500, 500),
    y: number(-500, 500),
    width: number(1, 9000),
    height: number(1, 9000),
  });
  const size = fc.record({ width: number(200, 2000), height: number(200, 1200) });

  it("shows everything when it fits", () => {
    fc.assert(
      fc.property(box, size, (bounds, screen) => {
        const seen = seenBox(fitView(bounds, screen), screen);
        expect(seen.x <= bounds.x + 1e-6 && bounds.x + bounds.width <= seen.x + seen.width + 1e-6).toBe(true);
        expect(seen.y <= bounds.y + 1e-6 && bounds.y + bounds.height <= seen.y + seen.height + 1e-6).toBe(true);
      }),
    );
  });

  it("keeps the point under the pointer while it zooms", () => {
    fc.assert(
      fc.property(box, size, number(5, 40), (bounds, screen, tenths) => {
        const at = { x: screen.width / 3, y: screen.height / 4 };
        const view = fitView(bounds, screen);
        const before = toPlane(view, at);
        const after = toPlane(zoomAt(view, tenths / 10, at, bounds, screen), at);
        expect(after.x).toBeCloseTo(before.x, 3);
        expect(after.y).toBeCloseTo(before.y, 3);
      }),
    );
  });

  it("reveals a box that fits and does not move for one in view", () => {
    const screen = { width: 800, height: 600 };
    const far = { x: 5000, y: -4000, width: 200, height: 50 };
    const moved = reveal({ left: 0, top: 0, scale: 1 }, far, screen);
    expect(meets(seenBox(moved, screen), far)).toBe(true);
    expect(reveal(moved, far, screen)).toBe(moved);
  });
});
