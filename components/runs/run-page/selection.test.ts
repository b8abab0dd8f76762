/** What opens, and how the step table is sorted. */
import { describe, expect, it } from "vitest";
import type { TaskState } from "@/server/domain/states";
import type { RunRow } from "./run-rows";
import { addressOf, defaultView, openRow } from "./selection";
import { nextSort, parseSort, shownRows } from "./steps-model";

const row = (name: string, task: number | null, state: TaskState | null, tookS: number | null): RunRow => ({
  key: task === null ? `s${name}` : `t${task}`,
  task,
  path: name,
  stepPath: name,
  name,
  kind: "container",
  isGroup: false,
  depth: 0,
  state,
  reason: null,
  iteration: null,
  iterationCount: null,
  standsFor: "task",
  queuedAt: null,
  startedAt: tookS === null ? null : "2026-11-21T00:00:00.000Z",
  finishedAt: tookS === null ? null : new Date(Date.UTC(2026, 10, 21, 0, 0, tookS)).toISOString(),
  attempt: task === null ? 0 : 1,
});

const ROWS = [row("load", 1, "succeeded", 3), row("train", 2, "failed", 9), row("publish", null, null, null)];

describe("what opens", () => {
  it("is what the address says, else the fallback", () => {
    expect(openRow(ROWS, { task: 1, step: null }, 2)?.name).toBe("load");
    expect(openRow(ROWS, { task: null, step: null }, 2)?.name).toBe("train");
    expect(openRow(ROWS, { task: null, step: null }, null)).toBeNull();
    expect(openRow(ROWS, { task: 99, step: null }, 2)).toBeNull();
  });

  it("names a step by its path until it has a task, and still finds it then", () => {
    const publish = ROWS[2];
    expect(publish && addressOf(publish)).toEqual({ task: null, step: "publish" });
    const later = [row("publish", 7, "running", 1)];
    expect(openRow(later, { task: null, step: "publish" }, null)?.task).toBe(7);
  });

  it("is a timeline for large runs and the steps on a phone", () => {
    expect([defaultView(12, false), defaultView(101, false), defaultView(12, true)]).toEqual([
      "graph",
      "timeline",
      "steps",
    ]);
  });
});

describe("the step table", () => {
  const names = (query: string, sort: string | null) =>
    shownRows(ROWS, query, parseSort(sort), 0).map((each) => each.name);

  it("sorts both ways with the unreached last, and trouble first by state", () => {
    expect(names("", "took")).toEqual(["load", "train", "publish"]);
    expect(names("", "took.desc")).toEqual(["train", "load", "publish"]);
    expect(names("", "state")).toEqual(["train", "load", "publish"]);
    expect(names("", "nonsense")).toEqual(["load", "train", "publish"]);
  });

  it("finds by every word, in name and state", () => {
    expect(names("TRA fail", null)).toEqual(["train"]);
    expect(names("reached", null)).toEqual(["publish"]);
  });

  it("turns a column up, down and back", () => {
    expect(nextSort(null, "took")).toBe("took");
    expect(nextSort(parseSort("took"), "took")).toBe("took.desc");
    expect(nextSort(parseSort("took.desc"), "took")).toBeNull();
  });
});
