/** Rows and bars: every task and every unreached step once, parents first; bars inside the span. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Step } from "@/pipelines/graph";
import type { TaskSummary } from "@/server/domain/views";
import { runRows } from "./run-rows";
import { rowBar, timelineSpan, timelineTicks } from "./timeline-model";

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
  createdAt: "2026-11-21T00:00:00.000Z",
  queuedAt: null,
  startedAt,
  finishedAt: null,
  attempt: 0,
});

const second = (n: number) => new Date(Date.UTC(2026, 10, 21, 0, 0, n)).toISOString();

describe("runRows", () => {
  it("lists tasks in the order they began, then what waits in the order of the pipeline", () => {
    const steps = [step("c", ["b"]), step("b", ["a"]), step("a"), step("d", ["c"])];
    const rows = runRows({ steps }, [task(1, "b", second(2)), task(2, "a", second(1)), task(3, "c", null)]);
    expect(rows.map((row) => row.name)).toEqual(["a", "b", "c", "d"]);
    expect(rows.map((row) => row.task)).toEqual([2, 1, 3, null]);
  });

  it("puts children under their group", () => {
    const steps = [step("g"), step("g/x", [], "g"), step("g/y", ["g/x"], "g"), step("z", ["g"])];
    const rows = runRows({ steps }, [task(1, "g", second(1)), task(2, "g/x", second(2), 1)]);
    expect(rows.map((row) => [row.name, row.depth])).toEqual([
      ["g", 0],
      ["g/x", 1],
      ["g/y", 1],
      ["z", 0],
    ]);
  });

  it("shows a run without tasks as its definition", () => {
    expect(runRows({ steps: [step("a"), step("b", ["a"])] }, []).map((row) => row.state)).toEqual([null, null]);
  });
});

describe("timeline", () => {
  it("keeps every bar inside the span", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.nat(100), fc.boolean(), (wait, begin, took, isOpen) => {
        const now = Date.parse(second(400));
        const span = timelineSpan(
          { createdAt: second(0), startedAt: second(0), finishedAt: isOpen ? null : second(300) },
          now,
        );
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
    const span = timelineSpan({ createdAt: second(0), startedAt: second(0), finishedAt: null }, Date.parse(second(10)));
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

  it("ticks at round moments", () => {
    const span = timelineSpan({ createdAt: second(0), startedAt: second(0), finishedAt: second(72) }, 0);
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
