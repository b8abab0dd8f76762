import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { putSetting } from "@/db/queries/settings";
import { run } from "@/db/schema";
import {
  CreateRecurringRunInput,
  ListRecurringRunsInput,
  type PreviewRecurringRunInput,
  UpdateRecurringRunInput,
} from "@/server/domain/inputs/recurring-runs";
import { archiveExperiment, restoreExperiment } from "../experiments/archive-experiment";
import { createExperiment } from "../experiments/create-experiment";
import { cancelRun } from "../runs/cancel-run";
import { getRun } from "../runs/get-run";
import { type TestServices, testServices } from "../testing";
import { kfpSpec } from "../testing-specs";
import { storeUpload } from "../uploads/store-upload";
import { createRecurringRun } from "./create-recurring-run";
import { deleteRecurringRun, restoreRecurringRun } from "./delete-recurring-run";
import { getRecurringFigures } from "./get-figures";
import { getRecurringRun } from "./get-recurring-run";
import { listChanges } from "./list-changes";
import { listRecurringRuns } from "./list-recurring-runs";
import { listSlots } from "./list-slots";
import { previewRecurringRun } from "./preview-recurring-run";
import { runNow } from "./run-now";
import { slotDays } from "./slot-days";
import { disableRecurringRun, enableRecurringRun } from "./switch-recurring-run";
import { updateRecurringRun } from "./update-recurring-run";

let services: TestServices;
let pipelineId: string;
let versionId: string;
beforeEach(async () => {
  services = testServices();
  const text = kfpSpec("p", ["a"], { n: { parameterType: "NUMBER_INTEGER", isOptional: true } });
  const stored = await storeUpload(services.context, { files: [services.receive("p.json", text)] });
  pipelineId = stored.pipeline.id;
  versionId = stored.version.id;
});
afterEach(() => services.close());

const MINUTE = 60_000;
const made = (more: object = {}) =>
  createRecurringRun(
    services.context,
    CreateRecurringRunInput.parse({
      name: "each minute",
      pipelineId,
      trigger: { kind: "interval", seconds: 60 },
      ...more,
    }),
  );
const slotsOf = (id: string) =>
  listSlots(services.context, { id, limit: 50 }).items.map(({ at, lastAt, count, skipReason }) => [
    at.slice(11, 19),
    lastAt.slice(11, 19),
    count,
    skipReason,
  ]);
const nextOf = (id: string) => getRecurringRun(services.context, id).nextAt?.slice(11, 19);

describe("a recurring run", () => {
  test("is made with what was left open filled in, and knows its next moment", async () => {
    expect(await made({ timeZone: "Europe/Berlin" })).toMatchObject({
      name: "each minute",
      state: "enabled",
      version: null,
      pipeline: { id: pipelineId },
      experiment: { name: "Default" },
      trigger: { kind: "interval", seconds: 60 },
      timeZone: "Europe/Berlin",
      nextAt: "2026-11-21T10:01:00.000Z",
      maxConcurrency: 1,
      overlap: "wait",
      catchUp: "latest",
      runCount: 0,
    });
    const cron = { trigger: { kind: "cron", cron: "30 9 * * mon" }, timeZone: "Europe/Berlin", versionId };
    expect(await made(cron)).toMatchObject({
      trigger: { kind: "cron", cron: "0 30 9 * * mon" },
      version: { id: versionId, number: 1 },
      nextAt: "2026-11-23T08:30:00.000Z",
    });
    expect(await made({ startAt: "2026-12-01T00:00:00Z", trigger: { kind: "none" } })).toMatchObject({
      nextAt: "2026-12-01T00:00:00.000Z",
    });
  });

  test("is refused with its place, and nothing is stored", async () => {
    const bad = { trigger: { kind: "cron", cron: "61 * * * *" } };
    await expect(made(bad)).rejects.toMatchObject({ code: "invalid", problems: [{ place: "trigger.cron" }] });
    const ends = { startAt: "2026-12-01T00:00:00Z", endAt: "2026-12-01T00:00:00Z" };
    await expect(made(ends)).rejects.toMatchObject({ code: "invalid", problems: [{ place: "endAt" }] });
    await expect(made({ parameters: { n: "1" } })).rejects.toMatchObject({ problems: [{ place: "parameters.n" }] });
    await expect(made({ pipelineId: "nobody" })).rejects.toMatchObject({ code: "not-found" });
    await expect(made({ profile: "nobody" })).rejects.toMatchObject({ code: "invalid" });
    expect(() =>
      CreateRecurringRunInput.parse({ name: "x", trigger: { kind: "none" }, timeZone: "Mars/Base" }),
    ).toThrow("This time zone is not known");
    expect(listRecurringRuns(services.context, ListRecurringRunsInput.parse({})).items).toEqual([]);
  });

  test("records what comes due while it is off as one skip, and goes on with the next moment", async () => {
    const { id } = await made();
    services.advance(30_000);
    expect(await disableRecurringRun(services.context, id)).toMatchObject({ state: "disabled", nextAt: null });
    services.advance(5 * MINUTE);
    expect(await enableRecurringRun(services.context, id)).toMatchObject({ state: "enabled" });
    expect(slotsOf(id)).toEqual([["10:01:00", "10:05:00", 5, "disabled"]]);
    expect(nextOf(id)).toBe("10:06:00");
  });

  test("keeps its moments to itself when the clock is put back", async () => {
    const { id } = await made();
    await disableRecurringRun(services.context, id);
    services.advance(5 * MINUTE);
    await enableRecurringRun(services.context, id);
    services.advance(-4 * MINUTE);
    await disableRecurringRun(services.context, id);
    await enableRecurringRun(services.context, id);
    await updateRecurringRun(services.context, { id, trigger: { kind: "interval", seconds: 30 } });
    expect(slotsOf(id)).toEqual([["10:01:00", "10:05:00", 5, "disabled"]]);
    expect(nextOf(id)).toBe("10:05:30");
  });

  test("that is a one-off and off has its moment when it is enabled", async () => {
    const { id } = await made({ trigger: { kind: "none" }, isEnabled: false });
    services.advance(5 * MINUTE);
    expect(await enableRecurringRun(services.context, id)).toMatchObject({ nextAt: "2026-11-21T10:00:00.000Z" });
    expect(slotsOf(id)).toEqual([]);
  });

  test("is changed in place: a new schedule replays nothing, other changes leave the next moment alone", async () => {
    const { id } = await made();
    services.advance(2 * MINUTE + 30_000);
    const renamed = await updateRecurringRun(services.context, {
      id,
      name: "other",
      maxConcurrency: 3,
      overlap: "skip",
    });
    expect(renamed).toMatchObject({ name: "other", maxConcurrency: 3, overlap: "skip" });
    expect(nextOf(id)).toBe("10:01:00");
    await updateRecurringRun(services.context, { id, trigger: { kind: "cron", cron: "0 * * * *" }, timeZone: "UTC" });
    expect(slotsOf(id)).toEqual([["10:01:00", "10:02:00", 2, "edited"]]);
    expect(nextOf(id)).toBe("11:00:00");
    const bad = UpdateRecurringRunInput.parse({ id, name: "never", parameters: { x: 1 } });
    await expect(updateRecurringRun(services.context, bad)).rejects.toMatchObject({ code: "invalid" });
    expect(getRecurringRun(services.context, id).name).toBe("other");
    await updateRecurringRun(services.context, { id, endAt: "2026-11-21T10:30:00Z" });
    expect(getRecurringRun(services.context, id)).toMatchObject({ state: "ended", nextAt: null });
  });

  test("makes a run on request, which waits while as many are active as may be", async () => {
    const { id } = await made({ maxConcurrency: 1, parameters: { n: 7 } });
    const first = await runNow(services.context, id);
    expect(first).toMatchObject({ origin: "recurring", state: "pending", reason: null, parameters: { n: 7 } });
    const second = await runNow(services.context, id);
    expect(second).toMatchObject({ state: "pending", reason: { code: "overlap" } });
    expect(slotsOf(id)).toEqual([]);
    await deleteRecurringRun(services.context, { id, endsRuns: false });
    await cancelRun(services.context, first.id);
    expect(getRun(services.context, second.id).state).toBe("pending");
  });

  test("is gone once it is deleted; its runs are asked to end only when that is wanted", async () => {
    const { id } = await made();
    await runNow(services.context, id);
    await deleteRecurringRun(services.context, { id, endsRuns: true });
    expect(() => getRecurringRun(services.context, id)).toThrow(`Recurring run ${id} not found`);
    expect(services.context.db.select().from(run).get()?.cancelRequestedBy).toBe("the deletion of its recurring run");
  });
});

test("an experiment's archive disables its recurring runs, and restoring enables exactly those", async () => {
  const { context } = services;
  const experiment = await createExperiment(context, { name: "e" });
  const one = await made({ experimentId: experiment.id });
  const off = await made({ experimentId: experiment.id, isEnabled: false });
  const other = await made();
  const states = () => [one, off, other].map(({ id }) => getRecurringRun(context, id).state);
  await archiveExperiment(context, experiment.id);
  expect(states()).toEqual(["disabled", "disabled", "enabled"]);
  services.advance(MINUTE);
  await restoreExperiment(context, experiment.id);
  expect(states()).toEqual(["enabled", "disabled", "enabled"]);
  await archiveExperiment(context, experiment.id);
  services.advance(MINUTE);
  await enableRecurringRun(context, one.id);
  await disableRecurringRun(context, one.id);
  await restoreExperiment(context, experiment.id);
  expect(states()).toEqual(["disabled", "disabled", "enabled"]);
});

describe("what was done to a recurring run", () => {
  test("is kept with who did it and what an edit changed", async () => {
    const { id } = await made();
    services.advance(MINUTE);
    await updateRecurringRun(services.context, { id, name: "other", maxConcurrency: 3, tags: { team: "a" } }, "ann");
    await disableRecurringRun(services.context, id, "bob");
    const [disabled, changed, created] = listChanges(services.context, id);
    expect(created).toMatchObject({ kind: "created", changedBy: null, at: "2026-11-21T10:00:00.000Z" });
    expect(disabled).toMatchObject({ kind: "disabled", changedBy: "bob" });
    expect(changed).toMatchObject({
      kind: "changed",
      changedBy: "ann",
      fields: [
        { field: "Name", before: "each minute", after: "other" },
        { field: "Runs at once", before: "1", after: "3" },
        { field: "Tags", before: null, after: '{"team":"a"}' },
      ],
    });
  });

  test("counts on where the schedule is sent again as it is", async () => {
    const { id, trigger, timeZone } = await made({ trigger: { kind: "interval", seconds: 3_600 } });
    services.advance(30 * MINUTE);
    await updateRecurringRun(services.context, { id, trigger: trigger as { kind: "none" }, timeZone, startAt: null });
    expect(nextOf(id)).toBe("11:00:00");
    expect(slotsOf(id)).toEqual([]);
  });
});

test("a deletion is taken back: what came due meanwhile is recorded, not replayed", async () => {
  const { id } = await made();
  services.advance(MINUTE + 30_000);
  await deleteRecurringRun(services.context, { id, endsRuns: false });
  expect(() => getRecurringRun(services.context, id)).toThrow("not found");
  services.advance(3 * MINUTE);
  expect(await restoreRecurringRun(services.context, id)).toMatchObject({ state: "enabled" });
  expect(slotsOf(id)).toEqual([
    ["10:02:00", "10:04:00", 3, "deleted"],
    ["10:01:00", "10:01:00", 1, "deleted"],
  ]);
  expect(nextOf(id)).toBe("10:05:00");
  await expect(restoreRecurringRun(services.context, "nobody")).rejects.toMatchObject({ code: "not-found" });
});

test("a form that is sent twice makes one", async () => {
  const one = await made({ idempotencyKey: "k" });
  expect((await made({ idempotencyKey: "k" })).id).toBe(one.id);
  await expect(made({ idempotencyKey: "k", name: "else" })).rejects.toMatchObject({ code: "conflict" });
});

test("moments closer together than the installation allows are refused at their field", async () => {
  const put = { name: "min-interval-seconds", value: 60, updatedAt: new Date(0) };
  putSetting(services.context.db, put);
  const places = async (trigger: object) => await made({ trigger }).catch(({ problems }) => problems[0].place);
  expect(await places({ kind: "interval", seconds: 59 })).toBe("trigger.seconds");
  expect(await places({ kind: "cron", cron: "0,30 * * * * *" })).toBe("trigger.cron");
  const { id } = await made();
  await expect(
    updateRecurringRun(services.context, { id, trigger: { kind: "interval", seconds: 5 } }),
  ).rejects.toMatchObject({ problems: [{ place: "trigger.seconds" }] });
  putSetting(services.context.db, { ...put, value: 3_600 });
  expect(await updateRecurringRun(services.context, { id, name: "goes on" })).toMatchObject({ name: "goes on" });
});

describe("before anything is saved", () => {
  const previewed = (more: Partial<PreviewRecurringRunInput> = {}) =>
    previewRecurringRun(services.context, {
      pipelineId,
      trigger: { kind: "cron", cron: "30 2 * * *" },
      timeZone: "Europe/Berlin",
      maxConcurrency: 1,
      overlap: "wait",
      catchUp: "latest",
      isEnabled: true,
      ...more,
    });

  test("the next moments are told, with what the clock does to them", () => {
    const { words, moments, days, starts, skips, usual } = previewed();
    expect(words).toBe("At 02:30");
    expect(moments).toHaveLength(10);
    expect(moments[0]).toEqual({ at: "2026-11-22T01:30:00.000Z", note: null, does: "run" });
    expect(days).toHaveLength(35);
    expect(days.slice(0, 2)).toMatchObject([
      { date: "2026-11-21", slots: 0 },
      { date: "2026-11-22", slots: 1 },
    ]);
    expect({ starts, skips, usual }).toEqual({ starts: 0, skips: 0, usual: null });
    services.advance(126 * 24 * 60 * MINUTE);
    expect(previewed().moments.slice(0, 2)).toMatchObject([
      { at: "2027-03-28T01:00:00.000Z", note: "moved" },
      { at: "2027-03-29T00:30:00.000Z", note: null },
    ]);
  });

  test("so are the runs that saving would start, under each policy of catching up", () => {
    const past = { trigger: { kind: "interval", seconds: 60 }, startAt: "2026-11-21T09:00:00Z" } as const;
    const counts = (catchUp: "none" | "latest" | "all", more = {}) => {
      const { starts, skips } = previewed({ ...past, catchUp, ...more });
      return [starts, skips];
    };
    expect(counts("latest")).toEqual([1, 59]);
    expect(counts("all", { maxConcurrency: 10 })).toEqual([60, 0]);
    expect(counts("all", { overlap: "skip" })).toEqual([1, 59]);
    expect(counts("all", { isEnabled: false })).toEqual([0, 0]);
    expect(previewed({ trigger: { kind: "none" } })).toMatchObject({ starts: 1, moments: [] });
    expect(previewed({ trigger: { kind: "none" }, startAt: "2026-11-22T00:00:00Z" })).toMatchObject({
      starts: 0,
      moments: [{ at: "2026-11-22T00:00:00.000Z" }],
    });
  });

  test("enabling again starts nothing and says what it will record", async () => {
    const { id, trigger, timeZone } = await made({ isEnabled: false });
    services.advance(5 * MINUTE);
    const asked = { id, trigger: trigger as { kind: "none" }, timeZone };
    expect(previewed(asked)).toMatchObject({
      starts: 0,
      skips: 5,
      moments: [{ at: "2026-11-21T10:06:00.000Z" }, {}, {}, {}, {}, {}, {}, {}, {}, {}],
    });
  });

  test("what saving would refuse is refused at its place", () => {
    expect(() => previewed({ trigger: { kind: "cron", cron: "61 * * * *" } })).toThrow("Constraint error");
    expect(() => previewed({ startAt: "2026-12-01T00:00:00Z", endAt: "2026-11-30T00:00:00Z" })).toThrow("not after");
  });
});

test("its days tell what became of their slots and what is to come; its figures whether a run of now is accepted", async () => {
  const { id } = await made({ trigger: { kind: "interval", seconds: 3_600 }, timeZone: "UTC" });
  await disableRecurringRun(services.context, id);
  services.advance(26 * 60 * MINUTE);
  await enableRecurringRun(services.context, id);
  const days = slotDays(services.context, { id, month: "2026-11", timeZone: "UTC" });
  expect(days).toHaveLength(30);
  expect(days[20]).toMatchObject({ date: "2026-11-21", skipped: 26, within: null, upcoming: 0, runs: {} });
  expect(days[21]).toMatchObject({ skipped: 0, within: "disabled", upcoming: 11 });
  expect(days[22]).toMatchObject({ within: null, upcoming: 24 });
  expect(getRecurringFigures(services.context, id)).toMatchObject({
    runs: 0,
    duration: null,
    version: { number: 1 },
    refusal: null,
  });
  const spec = kfpSpec("p", ["a"], { must: { parameterType: "STRING" } });
  await storeUpload(services.context, { files: [services.receive("p.json", spec)], pipelineId });
  expect(getRecurringFigures(services.context, id)).toMatchObject({
    version: { number: 2 },
    refusal: expect.stringContaining("must"),
  });
});

describe("the list of recurring runs", () => {
  const names = (more: object) =>
    listRecurringRuns(
      services.context,
      ListRecurringRunsInput.parse({ sort: "name", direction: "asc", ...more }),
    ).items.map(({ name }) => name);
  beforeEach(async () => {
    await made({ name: "daily", tags: { team: "growth" }, parameters: { n: 3 }, maxConcurrency: 4 });
    await made({ name: "hourly", description: "the quick one", trigger: { kind: "interval", seconds: 3_600 } });
    await made({ name: "pinned", pipelineId: undefined, versionId, isEnabled: false, overlap: "skip" });
  });

  test("is filtered by every field, joined by and, or and not", () => {
    const asked = {
      "state = enabled": ["daily", "hourly"],
      "not state = enabled": ["pinned"],
      "text contains quick or overlap = skip": ["hourly", "pinned"],
      "cap > 1 and tag.team = growth": ["daily"],
      "param.n >= 3": ["daily"],
      "tag.team != growth": ["hourly", "pinned"],
      "version = 1": ["pinned"],
      "pipeline = p and not (name contains ly)": ["pinned"],
      "experiment = Default and next is set and created >= -1h": ["daily", "hourly"],
      "next < 2026-11-21T10:30Z": ["daily"],
      "runs = 0 and zone = UTC and profile is set": [],
    };
    for (const [where, found] of Object.entries(asked)) expect(names({ where }), where).toEqual(found);
  });

  test("takes a tree beside the text, counts what matches, and pages on under the same filter only", () => {
    const filter = { not: { field: "name", is: "=", value: "daily" } };
    expect(names({ filter, where: "state = enabled" })).toEqual(["hourly"]);
    const first = listRecurringRuns(services.context, ListRecurringRunsInput.parse({ filter, limit: 1 }));
    expect([first.total, first.items.length]).toEqual([2, 1]);
    const onward = { filter, limit: 1, cursor: first.next };
    expect(listRecurringRuns(services.context, ListRecurringRunsInput.parse(onward)).items).toHaveLength(1);
    expect(() =>
      listRecurringRuns(services.context, ListRecurringRunsInput.parse({ limit: 1, cursor: first.next })),
    ).toThrow();
  });

  test("refuses what cannot be asked, with the place", () => {
    expect(() => names({ where: "weight = 3" })).toThrow("There is no field weight");
    expect(() => names({ filter: { field: "cap", is: "=", value: "many" } })).toThrow("Compare it with a number");
  });
});
