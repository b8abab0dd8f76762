/** The queues for step slots as the engine plays them: fair between experiments, each profile for itself, and cheap. */
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { profile, run, task } from "@/db/schema";
import { aFanOut, aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import type { AttemptRequest } from "./attempts/contract";
import { givenProfile, givenRun, givenVersion } from "./testing/given-run";
import { Stage } from "./testing/stage";

const lasts = (ms: number) => () => ({ lastsMs: ms });
const keysOf = (requests: readonly AttemptRequest[]): number[] => requests.map((request) => request.run.key);
const one = () => aGraph([aStep("only")]);

describe("between experiments", () => {
  it("one with hundreds of queued runs does not starve another with one", async () => {
    const stage = await Stage.open({ slots: 1, fate: lasts(10) });
    const version = givenVersion(stage.db, one());
    for (let at = 0; at < 300; at += 1) givenRun(stage.db, version, { experiment: "Sweep" });
    await stage.play(25);
    const quiet = givenRun(stage.db, version, { experiment: "Quiet" });
    await stage.play(10);
    expect(keysOf(stage.runner.requests).slice(-1)).toEqual([quiet]);
    expect(stage.runner.requests.length).toBeLessThan(6);
  });

  it("short steps of one keep a slot beside the long ones of another", async () => {
    const fate = ({ run: { parameters } }: AttemptRequest) => ({ lastsMs: parameters.long === true ? 1_000 : 10 });
    const stage = await Stage.open({ slots: 2, fate });
    const version = givenVersion(stage.db, one());
    for (let at = 0; at < 5; at += 1) givenRun(stage.db, version, { experiment: "Long", parameters: { long: true } });
    for (let at = 0; at < 30; at += 1) givenRun(stage.db, version, { experiment: "Short" });
    await stage.play(999);
    const long = stage.runner.requests.filter(({ run: { parameters } }) => parameters.long === true);
    expect([long.length, stage.runner.requests.length]).toEqual([2, 32]);
  });

  it("take turns over a restart of the engine as if it had not been", async () => {
    const order = async (restarts: boolean): Promise<number[]> => {
      const stage = await Stage.open({ slots: 1, fate: lasts(10) });
      const version = givenVersion(stage.db, one());
      for (let at = 0; at < 12; at += 1) givenRun(stage.db, version, { experiment: ["A", "B", "C"][at % 2] ?? "" });
      for (let at = 0; at < 3; at += 1) givenRun(stage.db, version, { experiment: "C" });
      for (let at = 0; at < 8; at += 1) {
        await stage.play(10);
        if (restarts) await stage.restart();
      }
      await stage.play();
      return keysOf(stage.runner.requests);
    };
    expect(await order(true)).toEqual(await order(false));
  });
});

describe("a run whose priority is changed while it waits", () => {
  const reprioritize = (stage: Stage, key: number, priority: number) =>
    stage.db.update(run).set({ priority, isNoticed: false }).where(eq(run.key, key)).run();

  it("passes the others with what waits and with what is still to come", async () => {
    const stage = await Stage.open({ slots: 1, fate: lasts(10) });
    const chain = givenVersion(stage.db, aGraph([aStep("a"), aStep("b", { dependsOn: ["a"] })]));
    const keys = [0, 1, 2, 3].map(() => givenRun(stage.db, chain));
    await stage.play(5);
    reprioritize(stage, keys[3] ?? 0, 5);
    await stage.play();
    expect(keysOf(stage.runner.requests)).toEqual([1, 4, 4, 2, 3, 1, 2, 3]);
  });

  it("waits no more for a twin that comes after it now", async () => {
    const stage = await Stage.open({ slots: 1, fate: lasts(10) });
    const twin = givenVersion(stage.db, aGraph([aStep("twin", { cache: { enabled: true } })]));
    givenRun(stage.db, one());
    const first = givenRun(stage.db, twin);
    await stage.play(5);
    const second = givenRun(stage.db, twin);
    await stage.play(1);
    const reason = () => stage.db.select().from(task).where(eq(task.runKey, second)).get()?.reason?.code;
    expect(reason()).toBe("waiting-for-twin");
    reprioritize(stage, second, 5);
    await stage.play(1);
    expect(reason()).toBe("waiting-for-slot");
    await stage.play();
    expect(keysOf(stage.runner.requests).slice(1)).toEqual([second, first]);
  });
});

describe("of profiles", () => {
  it("one that is full holds back no step of another, and takes no more than it says", async () => {
    const stage = await Stage.open({ slots: 3, fate: lasts(1_000) });
    givenProfile(stage.db, "gpu", 1);
    const version = givenVersion(stage.db, one());
    for (let at = 0; at < 5; at += 1) givenRun(stage.db, version, { profile: "gpu", priority: 9 });
    const local = givenRun(stage.db, version);
    await stage.play(500);
    expect(stage.runner.alive.map((request) => request.run.key).sort()).toEqual([1, local]);
    stage.db.update(profile).set({ capacity: 3 }).where(eq(profile.name, "gpu")).run();
    await stage.play(1);
    expect(stage.runner.alive).toHaveLength(2);
  });
});

describe("what all steps of a profile take together", () => {
  const total = (stage: Stage, limits: object) =>
    stage.db.update(profile).set({ limits }).where(eq(profile.name, "narrow")).run();

  it("holds back what does not fit, by the limits that each step has, and nothing elsewhere", async () => {
    const stage = await Stage.open({ slots: 8, fate: lasts(100) });
    givenProfile(stage.db, "narrow");
    total(stage, { totalCpus: 4 });
    const version = givenVersion(stage.db, one());
    for (let at = 0; at < 5; at += 1) givenRun(stage.db, version, { profile: "narrow", limits: { cpus: 1.5 } });
    const free = [0, 1].map(() => givenRun(stage.db, version, { profile: "narrow" }));
    const elsewhere = givenRun(stage.db, version, { limits: { cpus: 64 } });
    await stage.play(50);
    expect(stage.runner.alive.map((request) => request.run.key).sort()).toEqual([1, 2, elsewhere]);
    await stage.play(100);
    expect(stage.runner.alive.map((request) => request.run.key).sort()).toEqual([3, 4]);
    total(stage, {});
    await stage.play(20);
    await stage.play();
    expect(keysOf(stage.runner.requests).slice(-3).sort()).toEqual([5, ...free]);
  });

  it("counts the limits that a step names itself, placeholders filled, again at its next try", async () => {
    const stage = await Stage.open({ slots: 8, fate: ({ number }) => ({ lastsMs: 100, code: number === 1 ? 1 : 0 }) });
    givenProfile(stage.db, "narrow");
    total(stage, { totalMemoryBytes: 3 * 2 ** 30 });
    const container = aStep("a");
    if (container.body.body !== "container") throw new Error("a step of tests is a container");
    const retry = { maxRetries: 1, backoffMs: 50, backoffFactor: 1, backoffMaxMs: 60_000 };
    const body = { ...container.body, resources: { resourceMemoryLimit: "2Gi" } };
    const version = givenVersion(stage.db, aGraph([{ ...container, retry, body }]));
    for (let at = 0; at < 3; at += 1) givenRun(stage.db, version, { profile: "narrow" });
    await stage.play();
    expect(stage.runner.peak).toBe(1);
    const stored = stage.db.select().from(task).all();
    expect(stored.map(({ memoryBytes }) => memoryBytes)).toEqual([2 ** 31, 2 ** 31, 2 ** 31]);
    expect(stage.runner.requests).toHaveLength(6);
  });
});

describe("a try that is due", () => {
  it("waits in its queue as any other, and says so", async () => {
    const retry = { maxRetries: 1, backoffMs: 100, backoffFactor: 1, backoffMaxMs: 60_000 };
    const fate = ({ step, number }: AttemptRequest) =>
      step.retry === undefined ? { lastsMs: 1_000 } : { lastsMs: 10, code: number === 1 ? 1 : 0 };
    const stage = await Stage.open({ slots: 1, fate });
    givenRun(stage.db, aGraph([aStep("again", { retry })]));
    await stage.play(50);
    givenRun(stage.db, one());
    await stage.play(500);
    const [again] = stage.db.select().from(task).all();
    expect(again).toMatchObject({ state: "queued", retryAt: null, reason: { code: "waiting-for-slot" } });
    await stage.play();
    expect(
      stage.db
        .select()
        .from(run)
        .all()
        .map(({ state }) => state),
    ).toEqual(["succeeded", "succeeded"]);
  });
});

it("a turn costs as many statements in front of a long queue as of a short one", async () => {
  const perStep = async (waiting: number): Promise<number> => {
    const stage = await Stage.open({ slots: 2, fate: lasts(10) });
    const version = givenVersion(stage.db, one());
    for (let at = 0; at < waiting; at += 1) givenRun(stage.db, version, { experiment: `E${at % 7}` });
    await stage.play(5);
    const before = stage.statements;
    const begun = stage.runner.requests.length;
    await stage.play(200);
    return (stage.statements - before) / (stage.runner.requests.length - begun);
  };
  const short = await perStep(60);
  expect(await perStep(450)).toBeLessThanOrEqual(short * 1.02);
});

it("wide fan-outs of two experiments go on side by side", async () => {
  const stage = await Stage.open({ slots: 2, fate: lasts(10) });
  for (const experiment of ["A", "B"]) givenRun(stage.db, aFanOut(40), { experiment });
  await stage.play();
  const keys = keysOf(stage.runner.requests).slice(2, 42);
  expect([1, 2].map((key) => keys.filter((other) => other === key).length)).toEqual([20, 20]);
});
