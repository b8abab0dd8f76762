/** What a list of runs asks, what waits behind its pill, and what may be done with a selection. */
import { describe, expect, it } from "vitest";
import { rangeOf } from "@/components/data-table/range-of";
import type { RunState } from "@/server/domain/states";
import type { RunSummary } from "@/server/domain/views";
import { planBulk } from "./bulk-plan";
import { newestMoment, splitNewRows } from "./new-rows";
import { isNarrowed, listInput, type RunFilters } from "./run-filters";

const run = (id: string, state: RunState = "succeeded", more: Partial<RunSummary> = {}): RunSummary => ({
  id,
  name: id,
  description: "",
  state,
  reason: null,
  pipeline: null,
  pipelineName: "p",
  version: { id: "v", number: 1 },
  experiment: { id: "e", name: "Default" },
  profile: "local",
  origin: "manual",
  clonedFrom: null,
  archivedAt: null,
  createdAt: `2026-11-21T00:00:0${id}Z`,
  startedAt: null,
  finishedAt: null,
  parameters: {},
  taskCounts: {},
  ...more,
});

const ANY: RunFilters = {
  q: "",
  state: [],
  pipeline: null,
  experiment: null,
  since: null,
  archived: false,
  sort: "created",
  dir: "desc",
};

describe("the question to the API", () => {
  it("is the same within a minute and holds only what narrows", () => {
    const since: RunFilters = { ...ANY, since: "1h", state: ["running"] };
    expect(listInput(since, {}, 600_001)).toEqual(listInput(since, {}, 659_999));
    expect(listInput(since, {}, 4_200_000)).toMatchObject({
      states: ["running", "canceling"],
      createdAfter: "1970-01-01T00:10:00.000Z",
    });
    expect(listInput(ANY, {}, 0)).toEqual({ archived: false, sort: "created", direction: "desc", limit: 50 });
  });

  it("stays inside its scope whatever the address says", () => {
    expect(listInput({ ...ANY, pipeline: "other" }, { pipelineId: "mine" }, 0)).toMatchObject({ pipelineId: "mine" });
  });

  it("knows what narrows", () => {
    expect(isNarrowed(ANY)).toBe(false);
    expect(isNarrowed({ ...ANY, archived: true })).toBe(false);
    expect(isNarrowed({ ...ANY, q: "x" })).toBe(true);
  });
});

describe("rows that came later", () => {
  it("wait, and are shown once the moment moves on", () => {
    const before = [run("2"), run("1")];
    const fresh = [run("4"), run("3"), ...before];
    const openedAt = newestMoment(before);
    expect(splitNewRows(fresh, openedAt)).toEqual({ shown: before, waiting: 2 });
    expect(splitNewRows(fresh, newestMoment(fresh))).toEqual({ shown: fresh, waiting: 0 });
    expect(newestMoment([])).toBeNull();
  });
});

describe("a selection", () => {
  it("acts on those it applies to, and says why when it applies to none", () => {
    const runs = [run("1", "running"), run("2"), run("3", "failed", { archivedAt: "2026-11-21T00:00:00Z" })];
    expect(planBulk("terminate", runs).ids).toEqual(["1"]);
    expect(planBulk("archive", runs).ids).toEqual(["1", "2"]);
    expect(planBulk("delete", runs).ids).toEqual(["2", "3"]);
    expect(planBulk("delete", runs.slice(0, 1)).reason).toContain("terminate them first");
    expect(planBulk("terminate", [run("1", "canceling")]).reason).not.toBeNull();
  });

  it("takes a range in either direction", () => {
    const ids = ["a", "b", "c", "d"];
    expect(rangeOf(ids, "d", "b")).toEqual(["b", "c", "d"]);
    expect(rangeOf(ids, "a", "b")).toEqual(["a", "b"]);
    expect(rangeOf(ids, "gone", "b")).toEqual(["b"]);
    expect(rangeOf(ids, null, "c")).toEqual(["c"]);
  });
});
