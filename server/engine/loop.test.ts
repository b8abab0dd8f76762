import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "@/db/client";
import { watchDatabase } from "@/db/queries/engine/watch";
import { run } from "@/db/schema";
import { testDatabase } from "@/db/testing";
import { aChain } from "@/server/domain/planning/testing/graphs";
import { roomLog } from "@/server/platform/log";
import { createEngine } from "./engine";
import { type Loop, startLoop } from "./loop";
import { steadyClock } from "./steady-clock";
import { FakeRunner } from "./testing/fake-runner";
import { givenRun } from "./testing/given-run";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "penstock-loop-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("notices a run that another connection writes and takes it to its end", async () => {
  const file = join(folder, "penstock.db");
  const db = testDatabase(file);
  const web = openDatabase(file);
  const watch = watchDatabase(file);
  const runner = new FakeRunner(Date.now);
  const ends = setInterval(() => runner.endDue(), 1);
  let loop: Loop | undefined;
  const log = roomLog("test");
  const wake = () => loop?.wake();
  const { hasChanged } = watch;
  const engine = createEngine({
    db,
    runner,
    clock: steadyClock(),
    slots: 2,
    dataDir: { home: folder },
    log,
    wake,
    hasChanged,
  });
  await engine.recover();
  loop = startLoop(engine, runner, log, {
    onFatal: (error) => {
      throw error;
    },
  });
  givenRun(web, aChain(5));
  await expect.poll(() => web.select().from(run).get()?.state, { interval: 5 }).toBe("succeeded");
  loop.stop();
  engine.close();
  clearInterval(ends);
  for (const one of [watch, db.$client, web.$client]) one.close();
});
