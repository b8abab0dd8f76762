/** What a list of runs asks, what waits behind its pill, and what may be done with a selection. */

import { describe, expect, it } from "vitest";
import type { Target } from "@/components/actions/outcome";
import { rangeOf } from "@/components/data-table/range-of";
import { PLAIN_LAYOUT } from "@/components/data-table/table-layout";
import type { RunState } from "@/server/domain/states";
import type { RunSummary } from "@/server/domain/views/runs";
import { type BulkAction, comparable, planBulk } from "./bulk-plan";
import { type BulkProgress, performBulk } from "./bulk-run";
import { newestMoment, splitNewRows } from "./new-rows";
import { exportAddress, isNarrowed, listInput, type RunFilters, runChoice } from "./run-filters";

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
  priority: 0,
  origin: "manual",
  clonedFrom: null,
  archivedAt: null,
  createdAt: `2026-11-21T00:00:0${id}Z`,
  startedAt: null,
  finishedAt: null,
  parameters: {},
  taskCounts: {},
  extent: { kind: "all" },
  ...more,
});

const ANY: RunFilters = {
  q: "",
  state: [],
  pipeline: null,
  experiment: null,
  since: null,
  archived: false,
  filter: null,
  sort: "created",
  dir: "desc",
};

const FAILED = "state = failed";

describe("the question to the API", () => {
  it("is the same within a minute and holds only what narrows", () => {
    const since: RunFilters = { ...ANY, since: "1h", state: ["running"] };
    expect(runChoice(since, {}, 600_001)).toEqual(runChoice(since, {}, 659_999));
    expect(runChoice(since, {}, 4_200_000)).toMatchObject({
      states: ["running", "canceling"],
      createdAfter: "1970-01-01T00:10:00.000Z",
    });
    expect(runChoice(ANY, {}, 0)).toEqual({ archived: false });
    expect(runChoice({ ...ANY, filter: FAILED }, {}, 0)).toEqual({ archived: false, where: FAILED });
  });

  it("asks for the facts that the columns show, and for no others", () => {
    const layout = { ...PLAIN_LAYOUT, columns: ["name", "param.lr", "metric.auc", "tag.team"] };
    expect(listInput(runChoice(ANY, {}, 0), ANY, layout)).toEqual({
      ...{ archived: false, sort: "created", direction: "desc", limit: 50 },
      ...{ parameters: ["lr"], metrics: ["auc"] },
    });
  });

  it("is spelled whole in the address of an export", () => {
    const filters: RunFilters = { ...ANY, filter: FAILED, state: ["failed"], sort: "metric.auc" };
    const address = new URL(
      exportAddress(runChoice(filters, {}, 0), filters, ["name", "metric.auc"], "csv"),
      "http://x",
    );
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      where: "state = failed",
      states: "failed",
      sort: "metric.auc",
      format: "csv",
    });
    expect(address.searchParams.getAll("columns")).toEqual(["name", "metric.auc"]);
  });

  it("stays inside its scope whatever the address says", () => {
    expect(runChoice({ ...ANY, pipeline: "other" }, { pipelineId: "mine" }, 0)).toMatchObject({ pipelineId: "mine" });
  });

  it("knows what narrows", () => {
    expect(isNarrowed(ANY)).toBe(false);
    expect(isNarrowed({ ...ANY, archived: true })).toBe(false);
    expect(isNarrowed({ ...ANY, q: "x" })).toBe(true);
    expect(isNarrowed({ ...ANY, filter: FAILED })).toBe(true);
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

describe("many runs", () => {
  const target = (id: string) => ({ id, name: `run ${id}` });
  const pagesOf = async function* (...pages: string[][]) {
    for (const page of pages) yield page.map(target);
  };
  it("are done some at a time; what failed is told one by one, and a call that fails fails for each of its own", async () => {
    const ids = Array.from({ length: 120 }, (_, at) => `r${at}`);
    const calls: number[] = [];
    const told: BulkProgress[] = [];
    await performBulk(
      pagesOf(ids.slice(0, 60), ids.slice(60)),
      async (some) => {
        calls.push(some.length);
        if (some.some(({ id }) => id === "r60")) throw new Error("gone");
        return {
          done: some.filter(({ id }) => id !== "r3"),
          failed: some.filter(({ id }) => id === "r3").map((each) => ({ ...each, message: "no" })),
        };
      },
      (progress) => told.push(progress),
      (error) => String(error),
      new AbortController().signal,
    );
    const last = told.at(-1);
    expect(calls).toEqual([50, 10, 50, 10]);
    expect(last?.isOver).toBe(true);
    expect(last?.done).toHaveLength(69);
    expect(last?.failed.map(({ id }) => id)).toEqual(["r3", ...ids.slice(60, 110)]);
  });

  it("are left where they are once it was stopped", async () => {
    const stop = new AbortController();
    const calls: string[] = [];
    const act = async (some: readonly Target[]) => {
      calls.push(...some.map(({ id }) => id));
      stop.abort();
      return { done: some, failed: [] };
    };
    await performBulk(pagesOf(["a"], ["b"]), act, () => {}, String, stop.signal);
    expect(calls).toEqual(["a"]);
  });
});

describe("a selection", () => {
  it("is compared from two runs to ten", () => {
    expect(comparable(["a"]).reason).not.toBeNull();
    expect(comparable(["a", "b"])).toEqual({ href: "/compare?runs=a,b", reason: null });
    expect(comparable(Array.from({ length: 11 }, (_, at) => `${at}`)).reason).toContain("10");
  });

  it("acts on those it applies to, and says why when it applies to none", () => {
    const idsOf = (action: BulkAction, of: readonly RunSummary[]) => planBulk(action, of).targets.map(({ id }) => id);
    const runs = [run("1", "running"), run("2"), run("3", "failed", { archivedAt: "2026-11-21T00:00:00Z" })];
    expect(idsOf("terminate", runs)).toEqual(["1"]);
    expect(idsOf("archive", runs)).toEqual(["1", "2"]);
    expect(idsOf("delete", runs)).toEqual(["2", "3"]);
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
