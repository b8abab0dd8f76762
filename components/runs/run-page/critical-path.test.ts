/** Which steps decided how long a run took. */
import { describe, expect, it } from "vitest";
import { aStep } from "@/server/domain/planning/testing/graphs";
import { criticalPath } from "./critical-path";

const at = (second: number | null) => (second === null ? null : new Date(second * 1000).toISOString());
const row = (path: string, from: number | null, to: number | null, isGroup = false) => ({
  key: path,
  path,
  stepPath: path.replace(/\/\[\d+\]/g, ""),
  isGroup,
  standsFor: "task" as const,
  startedAt: at(from),
  finishedAt: at(to),
});
const path = (steps: ReturnType<typeof aStep>[], rows: ReturnType<typeof row>[]) => [...criticalPath({ steps }, rows)];

describe("the critical path", () => {
  const diamond = [
    aStep("load"),
    aStep("slow", { dependsOn: ["load"] }),
    aStep("quick", { dependsOn: ["load"] }),
    aStep("join", { dependsOn: ["slow", "quick"] }),
  ];

  it("goes back from what ended last through the dependency that ended last", () => {
    const rows = [row("load", 0, 1), row("slow", 1, 9), row("quick", 1, 2), row("join", 9, 10)];
    expect(path(diamond, rows)).toEqual(["join", "slow", "load"]);
  });

  it("begins at what still runs, and passes over what never started", () => {
    const rows = [row("load", 0, 1), row("slow", 1, null), row("quick", 1, 2), row("join", null, null)];
    expect(path(diamond, rows)).toEqual(["slow", "load"]);
  });

  it("goes into groups and out of them, within one iteration", () => {
    const steps = [
      aStep("load"),
      aStep("each", { kind: "loop", dependsOn: ["load"] }),
      aStep("each/prepare"),
      aStep("each/fit", { dependsOn: ["each/prepare"] }),
      aStep("report", { dependsOn: ["each"] }),
    ];
    const rows = [
      row("load", 0, 1),
      row("each", 1, 8, true),
      row("each/[0]/prepare", 1, 7),
      row("each/[0]/fit", 7, 7.5),
      row("each/[1]/prepare", 1, 2),
      row("each/[1]/fit", 2, 8),
      row("report", 8, 9),
    ];
    expect(path(steps, rows)).toEqual(["report", "each/[1]/fit", "each/[1]/prepare", "load"]);
  });

  it("is empty where nothing started", () => {
    expect(path(diamond, [row("load", null, null)])).toEqual([]);
  });
});
