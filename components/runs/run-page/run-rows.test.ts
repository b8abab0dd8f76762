/** Rows and bars: every task and every unreached step once, parents first; bars inside the span. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Step } from "@/pipelines/graph";
import type { TaskSummary } from "@/server/domain/views/tasks";
import { NO_TASKS, type RunTasks } from "../run-tasks";
import { runRows, unfoldedRows } from "./run-rows";
import { rowBar, textPlace, timelineSpan, timelineTicks } from "./timeline-model";

const step = (path: string, dependsOn: readonly string[] = [], parent: string | null = null): Step => ({
  path,
  key: path,
  parent,
  kind: "container",
  name: path,
  dependsOn,
  trigger: "succeeded",
  cache: { enabled: false },
  interface: { parameters: [], artifacts: [], outputParameters: [], outputArtifacts: [] },
  parameters: [],
  artifacts: [],
  body: { body: "container", image: "", command: [], args: [], env: [], component: "" },
});

const task = (id: number, stepPath: string, startedAt: string | null, parent: number | null = null): TaskSummary => ({
  id,
  step: stepPath,
  stepPath,
  name: stepPath,
  kind: "container",
  state: startedAt === null ? "pending" : "running",
  reason: null,
  parent,
  iteration: null,
  iterationCount: null,
  source: null,
  createdAt: "2026-11-21T00:00:00.000Z",
  queuedAt: null,
  retryAt: null,
  startedAt,
  finishedAt: null,
  attempt: 0,
});

const given = (tasks: readonly TaskSummary[]): RunTasks => ({ ...NO_TASKS, tasks });

const second = (n: number) => new Date(Date.UTC(2026, 10, 21, 0, 0, n)).toISOString();

describe("runRows", () => {
  it("lists tasks in the order they began, then what waits in the order of the pipeline", () => {
    const steps = [step("c", ["b"]), step("b", ["a"]), step("a"), step("d", ["c"])];
    const rows = runRows({ steps }, given([task(1, "b", second(2)), task(2, "a", second(1)), task(3, "c", null)]));
    expect(rows.map((row) => row.name)).toEqual(["a", "b", "c", "d"]);
    expect(rows.map((row) => row.task)).toEqual([2, 1, 3, null]);
  });

  it("puts children under their group", () => {
    const steps = [step("g"), step("g/x", [], "g"), step("g/y", ["g/x"], "g"), step("z", ["g"])];
    const rows = runRows({ steps }, given([task(1, "g", second(1)), task(2, "g/x", second(2), 1)]));
    expect(rows.map((row) => [row.name, row.depth])).toEqual([
      ["g", 0],
      ["g/x", 1],
      ["g/y", 1],
      ["z", 0],
    ]);
  });

  it("keeps iterations in their order, says how many are not listed, and folds them away", () => {
    const loopStep: Step = {
      ...step("loop"),
      kind: "loop",
      body: { body: "group", outputParameters: [], outputArtifacts: [] },
    };
    const loop: TaskSummary = { ...task(1, "loop", second(1)), kind: "loop", iterationCount: 50 };
    const iteration = (id: number, n: number, at: string): TaskSummary => ({
      ...task(id, "loop", at, 1),
      kind: "loop",
      step: `loop/[${n}]`,
      iteration: n,
    });
    const inside: TaskSummary = { ...task(4, "loop/a", second(3), 3), step: "loop/[1]/a" };
    const rows = runRows(
      { steps: [loopStep, step("loop/a", [], "loop"), step("after", ["loop"])] },
      {
        tasks: [loop, iteration(2, 9, second(2)), iteration(3, 1, second(3)), inside],
        tasksLeftOut: 30,
        loops: [{ task: 1, iterations: { running: 2, succeeded: 10 } }],
        stepSums: [],
      },
    );
    expect(rows.map((row) => [row.name, row.depth, row.standsFor])).toEqual([
      ["loop", 0, "task"],
      ["loop [1]", 1, "task"],
      ["loop/a", 2, "task"],
      ["loop [9]", 1, "task"],
      ["10 more iterations", 1, "iterations"],
      ["after", 0, "task"],
    ]);
    expect(unfoldedRows(rows, (row) => row.iteration !== null).map((row) => row.name)).toEqual([
      "loop",
      "loop [1]",
      "loop [9]",
      "10 more iterations",
      "after",
    ]);
    expect(unfoldedRows(rows, (row) => row.key === "t1").map((row) => row.name)).toEqual(["loop", "after"]);
  });

  it("shows a run without tasks as its definition", () => {
    expect(runRows({ steps: [step("a"), step("b", ["a"])] }, NO_TASKS).map((row) => row.state)).toEqual([null, null]);
  });
});

describe("timeline", () => {
  it("keeps every bar inside the span", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.nat(100), fc.boolean(), (wait, begin, took, isOpen) => {
        const now = Date.parse(second(400));
        const span = timelineSpan({ createdAt: second(0), finishedAt: isOpen ? null : second(300) }, now);
        const row = {
          queuedAt: second(wait),
          startedAt: second(wait + begin),
          finishedAt: isOpen ? null : second(wait + begin + took),
        };
        const bar = rowBar(row, span, now);
        expect(bar).not.toBeNull();
        if (bar === null) return;
        expect(0 <= bar.waitFrom && bar.waitFrom <= bar.from && bar.from <= bar.to && bar.to <= 1).toBe(true);
      }),
    );
  });

  it("ends an open bar at the server's now and draws nothing for what nobody queued", () => {
    const span = timelineSpan({ createdAt: second(0), finishedAt: null }, Date.parse(second(10)));
    expect(
      rowBar({ queuedAt: second(0), startedAt: second(5), finishedAt: null }, span, Date.parse(second(10))),
    ).toEqual({
      waitFrom: 0,
      from: 0.5,
      to: 1,
      isOpen: true,
    });
    expect(rowBar({ queuedAt: null, startedAt: null, finishedAt: null }, span, 0)).toBeNull();
  });

  it("puts the words of a bar where there is room: behind it, before it, else within", () => {
    const bar = (waitFrom: number, from: number, to: number) => textPlace({ waitFrom, from, to, isOpen: false });
    expect(bar(0, 0.1, 0.5)).toEqual({ side: "right", at: 0.5 });
    expect(bar(0.4, 0.6, 1)).toEqual({ side: "left", at: 0.4 });
    expect(bar(0, 0.6, 1)).toEqual({ side: "left", at: 0.6 });
    expect(bar(0, 0.06, 0.93)).toEqual({ side: "within", at: 0.93 });
  });

  it("ticks at round moments", () => {
    const span = timelineSpan({ createdAt: second(0), finishedAt: second(72) }, 0);
    expect(timelineTicks(span, 8).map((tick) => tick.label)).toEqual([
      "0",
      "10 s",
      "20 s",
      "30 s",
      "40 s",
      "50 s",
      "1m 00s",
      "1m 10s",
    ]);
  });
});
