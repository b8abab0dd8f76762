/** What the last runs of a pipeline say as a whole. */
import { describe, expect, it } from "vitest";
import type { GridRun } from "@/server/domain/views/run-grid";
import { barHeight, summarize, tookMs } from "./grid-summary";

const at = (ms: number) => new Date(ms).toISOString();
const run = (state: GridRun["state"], ms: number): GridRun => ({
  id: `${state}${ms}`,
  name: "r",
  state,
  version: 1,
  createdAt: at(0),
  startedAt: at(0),
  finishedAt: state === "running" ? null : at(ms),
  cells: {},
});

describe("the summary of runs", () => {
  it("counts what is over, and takes the middle of those that succeeded", () => {
    const runs = [
      run("succeeded", 10),
      run("failed", 900),
      run("succeeded", 30),
      run("succeeded", 20),
      run("running", 5),
    ];
    expect(summarize(runs)).toEqual({ finished: 4, succeeded: 3, medianMs: 20 });
  });

  it("has no duration where nothing succeeded", () => {
    expect(summarize([run("failed", 5)])).toEqual({ finished: 1, succeeded: 0, medianMs: null });
    expect(summarize([])).toEqual({ finished: 0, succeeded: 0, medianMs: null });
  });
});

describe("a bar", () => {
  it("is as high as its run took beside the longest, and can always be seen", () => {
    expect([barHeight(100, 100), barHeight(50, 100), barHeight(0, 100), barHeight(null, 100), barHeight(5, 0)]).toEqual(
      [100, 50, 8, 8, 8],
    );
  });

  it("grows while its run goes on, and never below nothing when clocks differ", () => {
    expect(tookMs(run("running", 0), 70)).toBe(70);
    expect(tookMs(run("running", 0), -70)).toBe(0);
    expect(tookMs({ startedAt: null, finishedAt: null }, 9)).toBeNull();
  });
});
