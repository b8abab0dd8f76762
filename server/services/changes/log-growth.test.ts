/** How often those who follow a log are told of its growth. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { LogGrowth } from "@/server/domain/views/changes";
import { joinedGrowth, restOf, watchGrowth } from "./log-growth";

test("few are told at once, many less often, so that what they ask for can be answered", () => {
  expect([0, 1, 400].map(restOf)).toEqual([30, 30, 30]);
  expect([480, 2_000].map(restOf)).toEqual([36, 150]);
});

test("all that listen to a file are told of each size, whoever came first", async () => {
  const folder = mkdtempSync(join(tmpdir(), "penstock-growth-"));
  const file = join(folder, "log");
  writeFileSync(file, "1");
  const told: number[][] = [[], []];
  const heard = (size: number) =>
    new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (told.some((sizes) => sizes.at(-1) !== size)) return;
        clearInterval(look);
        resolve();
      }, 5);
    });
  const stops = told.map((sizes) => watchGrowth(file, ({ size }) => sizes.push(size)));
  onTestFinished(() => {
    for (const stop of stops) stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await heard(1);
  appendFileSync(file, "23");
  await heard(3);
  expect(told).toEqual([
    [1, 3],
    [1, 3],
  ]);
});

test("what was added is read once for all who listen, and too much is told by its size alone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "penstock-growth-"));
  const file = join(folder, "log");
  writeFileSync(file, "1");
  const asked: number[][] = [];
  const read = async (from: number, to: number) => {
    asked.push([from, to]);
    return Buffer.from("x".repeat(to - from));
  };
  const listen = () => {
    const told: LogGrowth[] = [];
    let wake: () => void = () => undefined;
    const stop = watchGrowth(
      file,
      (growth) => {
        told.push(growth);
        wake();
      },
      read,
    );
    const next = async (): Promise<LogGrowth | undefined> => {
      while (told.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return told.shift();
    };
    return { stop, next };
  };
  const [one, other] = [listen(), listen()];
  onTestFinished(() => {
    one.stop();
    other.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const each = async () => Promise.all([one.next(), other.next()]);
  const first = { size: 1, added: { from: 0, base64: "eA==" } };
  expect(await each()).toEqual([first, first]);
  appendFileSync(file, "y".repeat(20_000));
  expect(await each()).toEqual([{ size: 20_001 }, { size: 20_001 }]);
  expect(asked).toEqual([[0, 1]]);
});

test("two reports become one, with what both added where nothing lies between", () => {
  const added = (from: number, text: string) => ({ from, base64: Buffer.from(text).toString("base64") });
  const earlier: LogGrowth = { size: 3, added: added(1, "bc") };
  expect(joinedGrowth(earlier, { size: 5, added: added(3, "de") })).toEqual({ size: 5, added: added(1, "bcde") });
  expect(joinedGrowth(earlier, { size: 9, added: added(7, "hi") })).toEqual({ size: 9 });
  expect(joinedGrowth(earlier, { size: 9 })).toEqual({ size: 9 });
  expect(joinedGrowth({ size: 1 }, { size: 3, added: added(1, "bc") })).toEqual({ size: 3 });
});
