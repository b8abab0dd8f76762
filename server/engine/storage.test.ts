import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "@/db/client";
import { run, task } from "@/db/schema";
import { testDatabase } from "@/db/testing";
import { aChain, aFanOut, aGraph, aStep } from "@/server/domain/planning/testing/graphs";
import { givenRun } from "./testing/given-run";
import { flushPromises, Stage } from "./testing/stage";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "penstock-engine-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, "penstock.db");

describe("the database", () => {
  it("locked by another process delays a turn and loses nothing", async () => {
    const stage = await Stage.open({ db: testDatabase(file()), fate: () => ({ lastsMs: 5 }) });
    givenRun(stage.db, aChain(2));
    await stage.settle();
    const other = openDatabase(file());
    other.$client.exec("begin immediate");
    stage.nowMs += 5;
    stage.runner.endDue();
    await flushPromises();
    const waits = [stage.engine.turn(), stage.engine.turn(), stage.engine.turn()];
    expect(waits).toEqual([
      { next: "later", waitMs: 2 },
      { next: "later", waitMs: 4 },
      { next: "later", waitMs: 8 },
    ]);
    other.$client.exec("rollback");
    other.$client.close();
    await stage.play();
    expect(stage.db.select().from(run).get()?.state).toBe("succeeded");
    stage.db.$client.close();
  });

  it("without room for another page pauses the engine, which goes on by itself", async () => {
    const stage = await Stage.open({ db: testDatabase(file()), fate: () => ({ lastsMs: 1 }) });
    givenRun(stage.db, aFanOut(300));
    await stage.settle();
    const pages = stage.db.$client.pragma("page_count", { simple: true });
    stage.db.$client.pragma(`max_page_count = ${pages}`);
    let waits = 0;
    for (let at = 0; at < 400 && waits < 3; at += 1) {
      stage.nowMs += 1;
      stage.runner.endDue();
      await flushPromises();
      if (stage.engine.turn().next === "later") waits += 1;
      await flushPromises();
    }
    expect(waits).toBe(3);
    stage.db.$client.pragma("max_page_count = 1000000");
    await stage.play();
    expect(stage.db.select().from(run).get()?.state).toBe("succeeded");
    expect(
      new Set(
        stage.db
          .select()
          .from(task)
          .all()
          .map((row) => row.state),
      ),
    ).toEqual(new Set(["succeeded"]));
    expect(new Set(stage.runner.begun).size).toBe(302);
    stage.db.$client.close();
  });

  it("is read again by a new process over the same file", async () => {
    const first = await Stage.open({ db: testDatabase(file()) });
    givenRun(first.db, aGraph([aStep("a")]));
    first.db.$client.close();
    const second = await Stage.open({ db: openDatabase(file()) });
    await second.play();
    expect(second.db.select().from(run).get()?.state).toBe("succeeded");
    second.db.$client.close();
  });
});
