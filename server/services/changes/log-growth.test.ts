/** How often those who follow a log are told of its growth. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { restOf, watchGrowth } from "./log-growth";

test("few are told at once, many less often, so that what they ask for can be answered", () => {
  expect([0, 1, 50].map(restOf)).toEqual([30, 30, 30]);
  expect([51, 100, 500].map(restOf)).toEqual([31, 60, 300]);
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
  const stops = told.map((sizes) => watchGrowth(file, (size) => sizes.push(size)));
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
